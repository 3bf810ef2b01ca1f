import type { Exception } from './finding.ts'

/** Places that may break a rule. One that no longer does has to leave this list. */
export const EXCEPTIONS: readonly Exception[] = []
