import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'

/** Whole numbers from 0 up to and without `below`, and perhaps one more. */
export interface RangeRule {
  /** What each value is, such as `label`. */
  readonly what: string
  readonly below: number
  /** A value beyond the range that is allowed, such as the label of rows that do not count. */
  readonly except?: number | undefined
  /** What to do about a value that is not allowed, as a sentence. */
  readonly advice: string
}

/** What a row is called in an error about it; default: its number. */
export type RowName = (row: number) => string

/** What rows of one of an update's micro-batches are called: as the caller says, else by their numbers. */
export const rowNameOf =
  (
    { rowName }: { readonly rowName?: ((row: number, microBatch: number) => string) | undefined },
    microBatches: number,
    microBatch: number,
  ): RowName =>
  (row) =>
    rowName?.(row, microBatch) ?? (microBatches === 1 ? `${row}` : `${row} of micro-batch ${microBatch}`)

/**
 * Checks values that are on the host.
 *
 * @param name of the feed, for the message
 * @throws KicError `engine/out-of-range` naming the row, the place in it, and the value.
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
    const exception = except === undefined ? '' : `, or ${except} where there is none`
    throw new KicError(
      'engine/out-of-range',
      `${caller}: row ${rowName(Math.floor(i / width))} of "${name}" has the ${what} ${value}${place}; it must be a whole ` +
        `number from 0 to ${below - 1}${exception}. ${advice}`,
    )
  }
}
