export { loadHead } from './load-head.ts'
export { type LoadPretrainedOptions, loadPretrained, type Pretrained } from './load-pretrained.ts'
export { type LoadAdapterOptions, type LoadedAdapter, loadAdapter } from './lora/load-adapter.ts'
export { type Adapter, saveAdapter } from './lora/save-adapter.ts'
export { replaceModel } from './replace-model.ts'
export { type SaveOnnxOptions, saveOnnx } from './save-onnx.ts'
export {
  type LabelSet,
  type PretrainedModel,
  type SavePretrainedOptions,
  savePretrained,
} from './save-pretrained.ts'
