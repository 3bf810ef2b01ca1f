export { loadHead } from './load-head.ts'
export { type LoadPretrainedOptions, loadPretrained, type Pretrained } from './load-pretrained.ts'
export { replaceModel } from './replace-model.ts'
export { type SaveOnnxOptions, saveOnnx } from './save-onnx.ts'
export {
  type LabelSet,
  type PretrainedModel,
  type SavePretrainedOptions,
  savePretrained,
} from './save-pretrained.ts'
