export type { CompiledEngineOptions } from './compiled/compiled-engine.ts'
export { type DumpOptions, dumpGraph } from './compiled/dump-graph.ts'
export type { OnnxRuntime, OrtSession, OrtTensor } from './compiled/onnx-runtime.ts'
export { inferenceContext } from './context.ts'
export type {
  AdamW,
  CallOptions,
  CompiledFunction,
  Context,
  DeviceUse,
  Engine,
  LossFunction,
  OptimizerState,
  PlacedParams,
  RunningAverages,
  StepResult,
  StepSettings,
  TensorFunction,
  Tensors,
  TrainStep,
  TrainStepOptions,
} from './contract.ts'
export { declareLossWeight, declareRange, withoutLossWeights } from './declarations.ts'
export type { EngineErrorCode } from './error-code.ts'
export {
  type ExportInput,
  type ExportOptions,
  exportOnnx,
  exportOnnxFiles,
  type OnnxFile,
  type OnnxFilesOptions,
  type WeightFormat,
} from './export/export-onnx.ts'
export { roundRows } from './export/whole-rows.ts'
export { fusedKernel } from './fused-kernel.ts'
export { type ActivationBytesOptions, activationBytes } from './memory/activation-bytes.ts'
export type { Profile, ProfileEntry } from './profile/profile.ts'
export type { RangeRule, RowName } from './range-rule.ts'
export { type EngineChoice, selectEngine } from './select-engine.ts'
export { type EngineFinding, surveyEngines } from './survey-engines.ts'
export type { Scalar, Tensor } from './tensor.ts'
export { gradientName, valueAndGradients } from './value-and-gradients.ts'
