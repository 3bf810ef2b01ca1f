import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { EngineErrorCode } from './error-code.ts'

/** Integers from 0 up to but excluding `below`, and perhaps one more. */
export interface RangeRule {
  /** The meaning of a value, such as `label`. */
  readonly what: string
  readonly below: number
  /** An allowed value outside the range, such as the label of rows that do not count. */
  readonly except?: number | undefined
  /** The remedy for an invalid value, as a sentence. */
  readonly advice: string
}

/** The name of a row in errors; default: its number. */
export type RowName = (row: number) => string

/** The names of rows in a micro-batch: those of the caller, otherwise their numbers. */
export const rowNameOf =
  (
    { rowName }: { readonly rowName?: ((row: number, microBatch: number) => string) | undefined },
    microBatches: number,
    microBatch: number,
  ): RowName =>
  (row) =>
    rowName?.(row, microBatch) ?? (microBatches === 1 ? `${row}` : `${row} of micro-batch ${microBatch}`)

/**
 * Checks values on the host.
 *
 * @param name the feed's name, for the message
 * @throws KicError `engine/out-of-range` with the row, the position in it, and the value
 */
export const checkRange = (
  caller: string,
  name: string,
  { data, shape }: Pick<HostTensor, 'data' | 'shape'>,
  { what, below, except, advice }: RangeRule,
  rowName: RowName = String,
): void => {
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? Number.NaN
    if ((value >= 0 && value < below && Number.isInteger(value)) || value === except) continue
    const width = shape.length === 0 ? 1 : data.length / (shape[0] ?? 1)
    const place = width === 1 ? '' : ` at position ${i % width}`
    const exception = except === undefined ? '' : `, or ${except} for none`
    throw new KicError<EngineErrorCode>(
      'engine/out-of-range',
      `${caller}: the ${what} in row ${rowName(Math.floor(i / width))} of "${name}" must be a whole ` +
        `number from 0 to ${below - 1}${exception}, received ${value}${place}. ${advice}`,
    )
  }
}
