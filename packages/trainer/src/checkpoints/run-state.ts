import type { BestRecord, EpochRecord, EvaluationRecord, RunState } from './checkpoint.ts'

type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumber = (value: unknown): value is number => typeof value === 'number'
const allNumbers = (value: Json, ...keys: readonly string[]): boolean =>
  keys.every((key) => isNumber(value[key]))

const isEvaluation = (value: unknown): value is EvaluationRecord =>
  isRecord(value) &&
  allNumbers(value, 'step', 'epoch') &&
  isRecord(value.metrics) &&
  Object.values(value.metrics).every(isNumber)
const isBest = (value: unknown): value is BestRecord =>
  isEvaluation(value) &&
  'metric' in value &&
  typeof value.metric === 'string' &&
  'value' in value &&
  isNumber(value.value)
const isEpoch = (value: unknown): value is EpochRecord =>
  isRecord(value) && allNumbers(value, 'epoch', 'loss')

/** Whether parsed JSON is the state of a run. */
export const isRunState = (value: unknown): value is RunState =>
  isRecord(value) &&
  allNumbers(value, 'seed', 'step', 'epoch', 'position', 'examples', 'fingerprint', 'lastMicroBatches') &&
  isRecord(value.epochLoss) &&
  allNumbers(value.epochLoss, 'sum', 'count') &&
  Array.isArray(value.epochs) &&
  value.epochs.every(isEpoch) &&
  Array.isArray(value.evaluations) &&
  value.evaluations.every(isEvaluation) &&
  (value.best === null || isBest(value.best)) &&
  isRecord(value.patience) &&
  (value.patience.value === null || isNumber(value.patience.value)) &&
  isNumber(value.patience.since) &&
  (value.stopped === null || value.stopped === 'early-stopping')
