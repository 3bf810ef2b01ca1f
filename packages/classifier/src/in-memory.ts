// The part that needs no file system, for browsers.
export type { LabelledRow } from './rows/labelled-row.ts'
export {
  type TrainedFiles,
  type TrainInMemoryOptions,
  type TrainingStage,
  trainInMemory,
} from './train/train-in-memory.ts'
