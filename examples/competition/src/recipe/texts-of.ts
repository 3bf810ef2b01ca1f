import type { Row } from '@kic/data'

/** The texts of rows. */
export const textsOf = (rows: readonly Row[]): string[] => rows.map(({ text }) => text)
