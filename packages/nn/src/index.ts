export { attentionBias } from './attention-bias.ts'
export { type EmbeddingOptions, embedding } from './embedding.ts'
export { gelu } from './gelu.ts'
export type { Features, Head, HeadConfig } from './head.ts'
export { initialize } from './initialize.ts'
export { type InitializedFrom, initializeFrom } from './initialize-from.ts'
export { layerNorm } from './layer-norm.ts'
export { layerNormParameters, linearParameters } from './layer-parameters.ts'
export { linear } from './linear.ts'
export { type LstmOptions, type LstmOutput, lstm } from './lstm.ts'
export { type LstmShape, lstmParameters } from './lstm-parameters.ts'
export { matchParameters, type ParameterMatch, type TensorShape } from './match-parameters.ts'
export type { Model } from './model.ts'
export { type Attention, type AttentionOptions, multiHeadAttention } from './multi-head-attention.ts'
export type { Initializer, ParamSpec } from './param-spec.ts'
export { parameter } from './parameter.ts'
export { decodeTensor, hostDType } from './safetensors/decode-tensor.ts'
export { encodeSafetensors } from './safetensors/encode-safetensors.ts'
export {
  type ReadSafetensorsOptions,
  readSafetensors,
  type SafetensorsFile,
} from './safetensors/read-safetensors.ts'
export {
  isStoredDType,
  STORED_BYTES,
  type StoredDType,
  type StoredTensor,
  storedDType,
} from './safetensors/stored-tensor.ts'
