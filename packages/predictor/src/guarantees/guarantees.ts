import type { ConformalCalibration, NoveltyCalibration, ValidationCurve } from '@kic/scores'

/** What rows that chose neither a model nor its temperature promise about its answers. */
export interface Guarantees {
  /** A description of the rows. */
  readonly on: string
  /** The model's results on the rows, for thresholds that guarantee an accuracy. */
  readonly curve: ValidationCurve
  /** By level name: the sets that contain the true code as often as asked. Classes are those of `levelClasses`. */
  readonly sets: Readonly<Record<string, ConformalCalibration>>
  /** Of the largest probability at the finest level: texts with a small one are unlike the rows. */
  readonly novelty: NoveltyCalibration
}
