import type { EvaluateEvent, StepEvent } from './callbacks.ts'

/** Numbers by name, as trackers show them: `train/loss`, `evaluate/macroF1`. */
export type Scalars = Readonly<Record<string, number>>

export const stepScalars = ({
  loss,
  gradNorm,
  learningRate,
  epoch,
  examples,
  seconds,
}: StepEvent): Scalars => ({
  'train/loss': loss,
  'train/gradNorm': gradNorm,
  'train/learningRate': learningRate,
  'train/epoch': epoch,
  'train/examplesPerSecond': examples / seconds,
})

export const evaluationScalars = ({ metrics }: EvaluateEvent): Scalars =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`evaluate/${name}`, value]))
