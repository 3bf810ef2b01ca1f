export { besideNgrams } from './beside-ngrams.ts'
export {
  createRobertaConfig,
  maxTokens,
  parseRobertaConfig,
  type RobertaConfig,
  type RobertaConfigInput,
} from './config.ts'
export { type EncodeOnnxOptions, encodeOnnx, type OnnxModel } from './encode-onnx.ts'
export {
  type EncodePretrainedOptions,
  encodePretrained,
  type LabelSet,
  type PretrainedModel,
} from './encode-pretrained.ts'
export { type EncoderOptions, type RobertaInputs, type RobertaOutputs, robertaEncoder } from './encoder.ts'
export { encoderTensors } from './encoder-tensors.ts'
export type { RobertaErrorCode } from './error-code.ts'
export { formatLoadReport, type LoadReport } from './load-report.ts'
export { LORA_TARGETS, type Lora, type LoraOptions, type LoraTarget, lora } from './lora/lora.ts'
export { isAdapter, isFrozenByLora, loraParameters } from './lora/lora-parameters.ts'
export { mergeLora } from './lora/merge-lora.ts'
export { maskedLmHead, maskedLmParameters } from './masked-lm-head.ts'
export { meanHead } from './mean-head.ts'
export { type CardMetric, type ModelCard, modelCard } from './model-card.ts'
export { exportedBytes, roundNgramTables } from './ngram-embeddings.ts'
export { ngramHead } from './ngram-head.ts'
export { DEFAULT_PREFIX, type PrefixOptions, robertaParameters } from './parameters.ts'
export { positionIds } from './position-ids.ts'
export { type ResizeVocabularyOptions, resizeVocabulary } from './resize-vocabulary.ts'
export {
  robertaInputs,
  type SequenceClassifier,
  type SequenceClassifierOptions,
  sequenceClassifier,
} from './sequence-classifier.ts'
export { standardHead } from './standard-head.ts'
