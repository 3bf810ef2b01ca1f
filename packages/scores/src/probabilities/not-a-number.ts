import type { KicError } from '@kic/core'
import { scoresError } from '../scores-error.ts'

/** NaN has no rank among scores. */
export const notANumber = (caller: string, column: number, row: number | undefined): KicError =>
  scoresError(
    'scores/not-a-number',
    `${caller}: scores must be numbers, received NaN in column ${column}${row === undefined ? '' : ` of row ${row}`}. ` +
      'Check the model that they come from.',
  )
