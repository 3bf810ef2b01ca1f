export { expectedCalibrationError } from './calibration/expected-calibration-error.ts'
export { fitTemperature, type LabelledScores, TEMPERATURES } from './calibration/fit-temperature.ts'
export { type FittedTemperature, fitTemperatures } from './calibration/fit-temperatures.ts'
export { type ReliabilityBin, reliabilityBins } from './calibration/reliability-bins.ts'
export {
  type PairedBootstrapOptions,
  type PairedDifference,
  pairedBootstrap,
} from './comparison/paired-bootstrap.ts'
export { textNumbers } from './comparison/text-numbers.ts'
export { checkCoverage } from './conformal/check-coverage.ts'
export {
  type ConformalCalibration,
  type ConformalOptions,
  conformalCalibration,
} from './conformal/conformal-calibration.ts'
export type { CoverageThresholds } from './conformal/coverage-thresholds.ts'
export { type NoveltyCalibration, noveltyCalibration, noveltyPValue } from './conformal/novelty.ts'
export { type PredictionSetOptions, predictionSet } from './conformal/prediction-set.ts'
export { checkThreshold } from './coverage/check-threshold.ts'
export { type Expectation, expectationAt, type LevelExpectation } from './coverage/expectation.ts'
export {
  type GuaranteedThreshold,
  type GuaranteeOptions,
  guaranteedThreshold,
} from './coverage/guaranteed-threshold.ts'
export { judgeRows } from './coverage/judge-rows.ts'
export { type ReviewRule, reviewRule } from './coverage/review-rule.ts'
export { thresholdFor } from './coverage/threshold-for.ts'
export { type JudgedRow, type ValidationCurve, validationCurve } from './coverage/validation-curve.ts'
export { type ClassErrors, type DrillDown, drillDowns } from './errors/drill-downs.ts'
export type { JudgedAnswers } from './errors/judged-answers.ts'
export { type LevelConfusion, levelConfusion, type NamedClass } from './errors/level-confusion.ts'
export { type ConfusedPair, worstConfusions } from './errors/worst-confusions.ts'
export { classesPerLevel } from './metrics/classes-per-level.ts'
export {
  accuracy,
  type ClassificationScores,
  type ClassScores,
  classificationScores,
} from './metrics/classification-scores.ts'
export { confusionMatrix } from './metrics/confusion-matrix.ts'
export { type HierarchicalScores, hierarchicalScores } from './metrics/hierarchical-scores.ts'
export { perplexity } from './metrics/perplexity.ts'
export { scoresPerLevel } from './metrics/scores-per-level.ts'
export { topKAccuracy } from './metrics/top-k-accuracy.ts'
export { argMax, argMaxRows } from './probabilities/arg-max.ts'
export { inMemory, type PredictionBlock, type PredictionSource } from './probabilities/prediction-source.ts'
export type { Probabilities } from './probabilities/probabilities.ts'
export { type SoftmaxOptions, softmax, softmaxRows } from './probabilities/softmax.ts'
export { logProbability, temper, temperedLogs } from './probabilities/temper.ts'
export { topK, topKRows } from './probabilities/top-k.ts'
export type { ScoresErrorCode } from './scores-error.ts'
