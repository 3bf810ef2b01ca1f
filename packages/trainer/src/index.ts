export { type BatchPlanOptions, batchPlan, type PlannedBatch } from './batches/batch-plan.ts'
export {
  type BatchPosition,
  type BatchSource,
  type EpochBatches,
  type MicroBatch,
  plannedBatches,
} from './batches/batch-source.ts'
export { type LengthBucketsOptions, lengthBuckets } from './batches/length-buckets.ts'
export { classBalancedWeights } from './batches/sampling.ts'
export { type TokenBatchOptions, tokenBatch, unpaddedRows } from './batches/token-batch.ts'
export { tokenBatches } from './batches/token-batches.ts'
export { type RaggedRows, type SoftTargets, type TokenRows, tokenLengths } from './batches/token-rows.ts'
export type {
  BestRecord,
  Checkpoint,
  CheckpointStore,
  EpochRecord,
  EvaluationRecord,
  Metrics,
  RunState,
} from './checkpoints/checkpoint.ts'
export type { TrainerErrorCode } from './error-code.ts'
export type { Interval } from './interval.ts'
export { type DeviceMemorySample, deviceMemory } from './memory/device-memory.ts'
export { type BatchPart, fittingMicroBatch } from './memory/micro-batch.ts'
export {
  countParameters,
  describeMemory,
  type TrainingMemory,
  trainingMemory,
} from './memory/training-memory.ts'
export { namePattern } from './optimization/name-pattern.ts'
export {
  allExcept,
  combineSettings,
  isBiasOrNorm,
  layerWiseRates,
  type NamePattern,
  ngramTables,
  noDecay,
  type ParameterSettings,
} from './optimization/parameter-groups.ts'
export { createSchedule, type Schedule, type ScheduleConfig } from './optimization/schedules.ts'
export { WeightAverage, type WeightAverageOptions } from './optimization/weight-average.ts'
export {
  createPredictor,
  type Predictions,
  type Predictor,
  type PredictorOptions,
  predict,
} from './predict.ts'
export {
  configuredBatches,
  configuredTraining,
  parseConfig,
  type TrainingConfig,
  trainingConfig,
} from './saved-runs/training-config.ts'
export { madeUpTokens } from './speed/made-up-tokens.ts'
export { measureTrainingSpeed, type SpeedSample, type TrainingSpeed } from './speed/measure-training-speed.ts'
export { type TrainResult, train } from './train.ts'
export type { BestMetric, CheckpointOptions, EvaluateOptions, TrainOptions } from './train-options.ts'
export {
  type CheckpointEvent,
  type EndEvent,
  type EvaluateEvent,
  harmless,
  type StartEvent,
  type StepEvent,
  type StopReason,
  type TrainCallbacks,
} from './watching/callbacks.ts'
