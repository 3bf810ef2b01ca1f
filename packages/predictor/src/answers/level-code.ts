/** A code at one level. */
export interface LevelCode {
  readonly code: string
  /** Its name in the classification. */
  readonly name: string
  /** Calibrated probability: the sum over all classes of the model below this code. */
  readonly confidence: number
}
