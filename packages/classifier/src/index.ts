export { balancedClassWeights } from './fit/balanced-weights.ts'
export { type ClassifierLoss, LOSS_NAMES, type LossName, type LossOptions } from './fit/classifier-loss.ts'
export { type FitOptions, fitClassifier, type LabelledTokenRows } from './fit/fit-classifier.ts'
export { validationMetrics } from './fit/validation-metrics.ts'
export { type SaveClassifierOptions, saveClassifier, type TrainedClassifier } from './save/save-classifier.ts'
export { classNumbers } from './start/class-numbers.ts'
export { type EncoderSizes, freshConfig, withClasses } from './start/fresh-config.ts'
export { type FreshTokenizerOptions, freshTokenizer } from './start/fresh-tokenizer.ts'
export { type ChosenRate, chooseRate, describeRate } from './start/learning-rate.ts'
export {
  type FreshSizes,
  modelFolder,
  type StartingEncoder,
  type StartingEncoderOptions,
  startingEncoder,
} from './start/starting-encoder.ts'
export { type StartingPoint, type StartingPointOptions, startingPoint } from './start/starting-point.ts'
export { tokenizeRows } from './start/tokenize-rows.ts'
