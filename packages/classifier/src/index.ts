export type { ClassifierErrorCode } from './classifier-error.ts'
export { balancedClassWeights } from './fit/balanced-weights.ts'
export {
  type ClassifierLoss,
  LOSS_NAMES,
  type LossName,
  type LossOptions,
  type Teaching,
} from './fit/classifier-loss.ts'
export { type FitOptions, fitClassifier, type LabelledTokenRows } from './fit/fit-classifier.ts'
export { validationMetrics } from './fit/validation-metrics.ts'
export {
  type CrossValidateOptions,
  type CrossValidation,
  type CrossValidationReport,
  crossValidate,
  type FoldReport,
} from './folds/cross-validate.ts'
export { describeCrossValidation } from './folds/describe-cross-validation.ts'
export type { OutOfFoldScores } from './folds/fold-report.ts'
export { type Classifier, loadClassifier } from './load-classifier.ts'
export { type CalibrateClassifierOptions, calibrateClassifier } from './report/calibrate-classifier.ts'
export type { BaselineReport, ClassifierReport, TrainingSummary } from './report/classifier-report.ts'
export type { Comparison } from './report/compare-answers.ts'
export { describeReport } from './report/describe-report.ts'
export {
  type EvaluateClassifierOptions,
  type Evaluation,
  evaluateClassifier,
} from './report/evaluate-classifier.ts'
export type { ClassReport, Confusion, LevelScores } from './report/score-level.ts'
export type { LevelCoverage, SetScores } from './report/score-sets.ts'
export type { LabelledRow, TextRow } from './rows/labelled-row.ts'
export { preparationFor } from './rows/preparation-for.ts'
export { preparedRows } from './rows/prepared-rows.ts'
export type { TaskRow } from './rows/task-rows.ts'
export {
  type EncodeClassifierOptions,
  encodeClassifier,
  type TrainedClassifier,
} from './save/encode-classifier.ts'
export type { TextFilesOptions } from './save/encode-text-files.ts'
export { type SaveClassifierOptions, saveClassifier } from './save/save-classifier.ts'
export { saveEncoder, type TrainedEncoder } from './save/save-encoder.ts'
export { saveTextFiles } from './save/save-text-files.ts'
export { describeSearch } from './search/describe-search.ts'
export { type SearchOptions, search } from './search/search.ts'
export { type DrawnValues, type SearchSpace, searchSpace } from './search/search-space.ts'
export type { SearchResult, Trial, TrialScore } from './search/trial.ts'
export { classNumbers } from './start/class-numbers.ts'
export { encoderSizes, parseEncoderSizes } from './start/encoder-sizes.ts'
export type { StartingPoint } from './start/fresh-classifier.ts'
export { type EncoderSizes, freshConfig, withClasses } from './start/fresh-config.ts'
export type { FreshSizes, StartingEncoder } from './start/fresh-encoder.ts'
export { type FreshTokenizerOptions, freshTokenizer } from './start/fresh-tokenizer.ts'
export { type ChosenRate, chooseRate, describeRate } from './start/learning-rate.ts'
export { type StartingEncoderOptions, startingEncoder } from './start/starting-encoder.ts'
export { startingFolder } from './start/starting-folder.ts'
export { type StartingPointOptions, startingPoint } from './start/starting-point.ts'
export { tokenizeRows } from './start/tokenize-rows.ts'
export {
  type ClassifierConfig,
  type ClassifierConfigInput,
  classifierConfig,
  parseClassifierConfig,
} from './train/classifier-config.ts'
export { type ProgressOutput, progressOutput } from './train/progress-output.ts'
export { type TrainedFolder, trainClassifier } from './train/train-classifier.ts'
export {
  type TrainedFiles,
  type TrainInMemoryOptions,
  type TrainingStage,
  trainInMemory,
} from './train/train-in-memory.ts'
export type { ClassifierOptions, TrainClassifierOptions } from './train/train-options.ts'
