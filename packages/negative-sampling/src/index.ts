export type { NegativeSamplingErrorCode } from './error-code.ts'
export { labelNames } from './label-names.ts'
export { type DrawNegative, type NegativeSource, negativeSource } from './negative-source.ts'
export { encodePairs, type PairBatchesOptions, type PairEncoding, pairBatches } from './pair-batches.ts'
export { type PairClassifier, pairClassifier } from './pair-classifier.ts'
export { type Candidates, type PairScorer, type PairScorerOptions, pairScorer } from './pair-scorer.ts'
export {
  type LabelledTexts,
  type PairPretraining,
  type PretrainOnPairsOptions,
  pretrainOnPairs,
} from './pretrain-on-pairs.ts'
export { firstCandidates, type RerankOptions, rerank, topCandidates } from './rerank.ts'
export { type Pairs, type SamplePairsOptions, samplePairs } from './sample-pairs.ts'
