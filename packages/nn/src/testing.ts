export { type Comparison, compareTensor, type Tolerance } from './compare-tensor.ts'
export { type GoldenCase, type GoldenTensor, loadGoldenCase } from './golden-case.ts'
export { type GradientErrorOptions, gradientError } from './gradient-error.ts'
