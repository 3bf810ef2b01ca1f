import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { RECORDER } from '../recording-backend.ts'
import { floatsOf, type KernelCase, type Variant } from './kernel-case.ts'
import { images, type Padding, type Sizes, WINDOWS } from './windows.ts'

const maxPool = (x: Tensor, size: Sizes, strides: Sizes | number, pad: Padding): Tensor =>
  tf.maxPool(x as tf.Tensor4D, size, strides, pad)

/**
 * The mean over windows. If they overlap padding, TensorFlow.js's cpu gradient is wrong, so the mean is composed of
 * differentiable parts: sums over windows by a convolution, divided by their numbers of elements.
 */
const avgPool = (x: Tensor, size: Sizes, strides: Sizes | number, pad: Padding): Tensor => {
  const image = x as tf.Tensor4D
  if (tf.getBackend() === RECORDER) return tf.avgPool(image, size, strides, pad)
  const channels = image.shape[3]
  const ones = tf.ones([...size, channels, 1]) as tf.Tensor4D
  const sum = (y: tf.Tensor4D): Tensor => tf.depthwiseConv2d(y, ones, strides, pad)
  return sum(image).div(sum(tf.onesLike(image)))
}

/** Pooling and its gradients. */
export const poolingCases: readonly KernelCase[] = [
  {
    name: 'MaxPool',
    kernels: ['MaxPool', 'MaxPoolGrad'],
    variants: (draw) => [
      ...WINDOWS.map(
        ([input, size, strides, pad]): Variant => ({
          inputs: [images(draw, input)],
          apply: (x) => maxPool(x, size, strides, pad),
        }),
      ),
      // The first of several equal elements receives the gradient.
      {
        inputs: [floatsOf(1, 3, 3, 2, 3, 3)],
        apply: (x) => maxPool(x.reshape([1, 1, 6, 1]), [1, 3], 1, 'valid'),
      },
      { inputs: [draw.ints([1, 4, 4, 2], -9, 9)], apply: (x) => maxPool(x, [2, 2], 2, 'valid') },
      {
        inputs: [images(draw, [6, 6])],
        apply: (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 1, 'ceil'),
        by: [],
      },
      {
        inputs: [images(draw, [7, 6])],
        apply: (x) => tf.pool(x as tf.Tensor4D, [2, 2], 'max', 'same', [2, 2], [1, 1]),
      },
    ],
  },
  {
    name: 'AvgPool',
    kernels: ['AvgPool', 'AvgPoolGrad'],
    variants: (draw) => [
      ...WINDOWS.map(
        ([input, size, strides, pad]): Variant => ({
          inputs: [images(draw, input)],
          apply: (x) => avgPool(x, size, strides, pad),
        }),
      ),
      { inputs: [images(draw, [7, 6])], apply: (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], 2, 'valid') },
      { inputs: [images(draw, [5, 5])], apply: (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'), by: [] },
    ],
  },
]
