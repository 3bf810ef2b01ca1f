import { defined } from '@kic/core'

/** A table of int8 numbers with a scale for each row. */
export interface StoredRows {
  /** [R, C] */
  readonly matrix: Int8Array
  /** [R] */
  readonly scales: Float32Array
}

/** So many significant bits of a scale leave its products with int8 numbers exact in float32. */
const SCALE_BITS = 16

/**
 * A table whose rows are whole multiples, -127 to 127, of a scale of their own. An exported float32 model stores such a table as
 * int8, and its results stay the same to the last bit.
 *
 * @param data float32 [R, C]
 * @param columns C
 */
export const roundRows = (data: Float32Array, columns: number): Float32Array => {
  const rounded = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += columns) {
    const scale = shortened(largestOf(data, start, columns) / 127)
    if (scale === 0) continue
    for (let i = start; i < start + columns; i++) {
      // Without the negative zeros of Math.round.
      rounded[i] = scale * Math.round(defined(data[i]) / scale) + 0
    }
  }
  return rounded
}

/**
 * The parts of a table that `roundRows` leaves unchanged.
 *
 * @param data float32 [R, C]
 * @returns undefined for any other table
 */
export const wholeRows = (data: Float32Array, columns: number): StoredRows | undefined => {
  const matrix = new Int8Array(data.length)
  const scales = new Float32Array(data.length / columns)
  for (let row = 0; row < scales.length; row++) {
    const start = row * columns
    const scale = largestOf(data, start, columns) / 127
    if (scale !== shortened(scale)) return undefined
    scales[row] = scale
    if (scale === 0) continue
    for (let i = start; i < start + columns; i++) {
      const multiple = Math.round(defined(data[i]) / scale)
      if (multiple * scale !== data[i]) return undefined
      matrix[i] = multiple
    }
  }
  return { matrix, scales }
}

const largestOf = (data: Float32Array, start: number, count: number): number => {
  let largest = 0
  for (let i = start; i < start + count; i++) largest = Math.max(largest, Math.abs(defined(data[i])))
  return largest
}

/** The next larger number of few significant bits; 0 for a scale so small that its products would not be exact. */
const shortened = (scale: number): number => {
  if (scale < 2 ** -100) return 0
  const unit = 2 ** (Math.floor(Math.log2(scale)) + 1 - SCALE_BITS)
  return Math.ceil(scale / unit) * unit
}
