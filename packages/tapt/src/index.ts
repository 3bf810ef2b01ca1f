export type { TaptErrorCode } from './error-code.ts'
export {
  type HeldOutEvaluator,
  type HeldOutOptions,
  type HeldOutScores,
  heldOutPerplexity,
} from './held-out-perplexity.ts'
export { type MaskedRow, type MaskingOptions, maskableRows, maskTokens } from './mask-tokens.ts'
export { type MaskDraw, maskedBatch } from './masked-batch.ts'
export { type MaskedLanguageModel, maskedLanguageModel } from './masked-language-model.ts'
export { type MaskingVocabulary, maskingVocabulary } from './masking-vocabulary.ts'
export { fromScratchTapt, gururangan2020, publishedTapt, type TaptPreset } from './presets.ts'
export { type TaptEvaluation, type TaptOptions, type TaptResult, tapt } from './tapt.ts'
