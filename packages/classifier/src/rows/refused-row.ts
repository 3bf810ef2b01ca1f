import type { KicError } from '@kic/core'
import { classifierError } from '../classifier-error.ts'

/** The error of an invalid row. */
export const refusedRow = (caller: string, id: string, what: string, value: unknown): KicError =>
  classifierError(
    'classifier/rows',
    `${caller}: every row must have ${what}, received ${shown(value)} in row ${id}. Correct the row, or leave it out.`,
  )

const shown = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'none')
