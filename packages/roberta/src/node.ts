export { type LoadPretrainedOptions, loadPretrained, type Pretrained } from './load-pretrained.ts'
export { savePretrained } from './save-pretrained.ts'
