/**
 * The tensors of tensor functions: TensorFlow.js's own, taken from its core, because the types of `@tensorflow/tfjs` include
 * those of its layers, which do not compile without `skipLibCheck`.
 */
export type { Scalar, Tensor } from '@tensorflow/tfjs-core'
