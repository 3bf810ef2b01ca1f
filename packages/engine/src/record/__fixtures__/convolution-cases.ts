import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import type { KernelCase, Variant } from './kernel-case.ts'
import { images, type Padding, type Sizes, WINDOWS } from './windows.ts'

const conv = (x: Tensor, filter: Tensor, strides: Sizes | number, pad: Padding): Tensor =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad)

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const

const explicit: [Sizes, Sizes, Sizes, Sizes] = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
]

const convolutions: readonly KernelCase[] = [
  {
    name: 'Conv2D',
    kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    variants: (draw) => [
      ...WINDOWS.map(
        ([input, filter, strides, pad]): Variant => ({
          inputs: [images(draw, input), draw.floats([...filter, 3, 4])],
          apply: (x, f) => conv(x, f, strides, pad),
        }),
      ),
      {
        inputs: [images(draw, [5, 4]), draw.floats([2, 2, 3, 2])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, explicit),
      },
      {
        inputs: [draw.floats([2, 3, 5, 4]), draw.floats([2, 2, 3, 4])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, [2, 1], 'same', 'NCHW'),
      },
      // TensorFlow.js does not differentiate dilations, and its gradient ignores how sizes were rounded.
      {
        inputs: [images(draw, [7, 6]), draw.floats([3, 2, 3, 4])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
        by: [],
      },
      {
        inputs: [images(draw, [6, 6]), draw.floats([3, 3, 3, 2])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 2, 1, 'NHWC', 1, 'ceil'),
        by: [],
      },
      {
        inputs: [draw.floats([5, 4, 3]), draw.floats([2, 2, 3, 2])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor3D, f as tf.Tensor4D, 1, 'same'),
      },
    ],
  },
  {
    name: 'convolution over one axis',
    kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    variants: (draw) => [
      ...(
        [
          [9, 3, 1, 'same'],
          [9, 4, 2, 'valid'],
          [3, 5, 1, 'same'],
          [4, 1, 1, 'valid'],
          [7, 2, 3, 'same'],
        ] as const
      ).map(([length, width, stride, pad]) => ({
        inputs: [draw.floats([2, length, 4]), draw.floats([width, 4, 5])],
        apply: (x: Tensor, f: Tensor) => tf.conv1d(x as tf.Tensor3D, f as tf.Tensor3D, stride, pad),
      })),
      { inputs: [images(draw, [4, 5]), draw.floats([1, 3, 3, 2])], apply: (x, f) => conv(x, f, 1, 'same') },
      {
        inputs: [images(draw, [5, 6]), draw.floats([1, 2, 3, 2])],
        apply: (x, f) => conv(x, f, [2, 1], 'valid'),
      },
      {
        inputs: [images(draw, [3, 4]), draw.floats([1, 3, 3, 2])],
        apply: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, explicit),
      },
      {
        inputs: [draw.floats([2, 9, 4]), draw.floats([3, 4, 2])],
        apply: (x, f) => tf.conv1d(x as tf.Tensor3D, f as tf.Tensor3D, 1, 'same', 'NWC', 2),
        by: [],
      },
    ],
  },
  {
    name: 'transposed convolution',
    kernels: ['Conv2DBackpropInput', 'Conv2D', 'Conv2DBackpropFilter'],
    variants: (draw) => [
      {
        inputs: [draw.floats([2, 3, 3, 4]), draw.floats([3, 3, 2, 4])],
        apply: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [2, 6, 5, 2], 2, 'same'),
      },
      {
        inputs: [draw.floats([1, 3, 2, 4]), draw.floats([2, 3, 2, 4])],
        apply: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [1, 4, 4, 2], 1, 'valid'),
      },
    ],
  },
  {
    name: 'FusedConv2D',
    kernels: ['FusedConv2D'],
    variants: (draw) => [
      {
        inputs: [images(draw, [5, 4]), draw.floats([3, 2, 3, 4]), draw.floats([4])],
        apply: (x, filter, bias) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 2,
            pad: 'same',
            bias,
          }),
      },
    ],
  },
  {
    name: 'FusedConv2D without a gradient, where activations are part of the kernel',
    kernels: ['FusedConv2D', 'FusedDepthwiseConv2D'],
    valueOnly: 'TensorFlow.js fuses activations only where no gradient is asked for',
    variants: (draw) => [
      ...ACTIVATIONS.flatMap((activation): Variant[] => {
        const settings = { strides: 1, pad: 'same', activation, leakyreluAlpha: 0.3 } as const
        return [
          {
            inputs: [images(draw, [4, 5]), draw.floats([2, 3, 3, 4]), draw.floats([4])],
            apply: (x, filter, bias) =>
              tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, bias, ...settings }),
          },
          {
            inputs: [images(draw, [4, 5]), draw.floats([2, 3, 3, 2]), draw.floats([6])],
            apply: (x, filter, bias) =>
              tf.fused.depthwiseConv2d({
                x: x as tf.Tensor4D,
                filter: filter as tf.Tensor4D,
                bias,
                ...settings,
              }),
          },
        ]
      }),
      {
        inputs: [images(draw, [4, 5]), draw.floats([2, 3, 3, 4]), draw.floats([4], 0.1, 0.4)],
        apply: (x, filter, slopes) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 1,
            pad: 'valid',
            activation: 'prelu',
            preluActivationWeights: slopes,
          }),
      },
      {
        inputs: [draw.floats([2, 3, 5, 4]), draw.floats([2, 2, 3, 4]), draw.floats([4])],
        apply: (x, filter, bias) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 1,
            pad: 'same',
            dataFormat: 'NCHW',
            bias,
          }),
      },
    ],
  },
  {
    name: 'DepthwiseConv2dNative',
    kernels: [
      'DepthwiseConv2dNative',
      'DepthwiseConv2dNativeBackpropInput',
      'DepthwiseConv2dNativeBackpropFilter',
    ],
    variants: (draw) => [
      ...WINDOWS.filter(([, , strides]) => !Array.isArray(strides)).map(
        ([input, filter, strides, pad], i): Variant => ({
          inputs: [images(draw, input), draw.floats([...filter, 3, 1 + (i % 2)])],
          apply: (x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad),
        }),
      ),
      {
        inputs: [images(draw, [7, 6]), draw.floats([3, 2, 3, 2])],
        apply: (x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
        by: [],
      },
      {
        inputs: [images(draw, [5, 4]), draw.floats([2, 2, 3, 2]), draw.floats([1, 1, 6, 4])],
        apply: (x, f, g) =>
          tf.separableConv2d(x as tf.Tensor4D, f as tf.Tensor4D, g as tf.Tensor4D, 1, 'same'),
      },
    ],
  },
]

/** Convolutions and their gradients. */
export const convolutionCases: readonly KernelCase[] = [...convolutions]
