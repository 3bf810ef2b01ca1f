/** Class probabilities of many rows, row by row. */
export interface Probabilities {
  /** N. */
  readonly rows: number
  /** C. */
  readonly classes: number
  /** [N, C] */
  readonly data: Float32Array
}
