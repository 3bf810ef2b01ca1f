export { type ClassErrors, type DrillDown, drillDowns } from './errors/drill-downs.ts'
export type { JudgedAnswers } from './errors/judged-answers.ts'
export { type LevelConfusion, levelConfusion, type NamedClass } from './errors/level-confusion.ts'
export { type ConfusedPair, worstConfusions } from './errors/worst-confusions.ts'
export {
  accuracy,
  type ClassificationScores,
  type ClassScores,
  classificationScores,
} from './metrics/classification-scores.ts'
export { confusionMatrix } from './metrics/confusion-matrix.ts'
export {
  classesPerLevel,
  type HierarchicalScores,
  hierarchicalScores,
  scoresPerLevel,
} from './metrics/hierarchy-scores.ts'
export {
  expectedCalibrationError,
  perplexity,
  type ReliabilityBin,
  reliabilityBins,
  topKAccuracy,
} from './metrics/ranking-scores.ts'
export { argMaxRows, softmaxRows } from './metrics/rows.ts'
export { judgeRows } from './review/judge-rows.ts'
export { type ReviewRule, reviewRule } from './review/review-rule.ts'
export { fitTemperature, type LabelledScores } from './temperature.ts'
export {
  checkThreshold,
  type Expectation,
  expectationAt,
  type JudgedRow,
  type LevelExpectation,
  thresholdFor,
  type ValidationCurve,
  validationCurve,
} from './validation-curve.ts'
