import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { floatsOf, intsOf, type KernelCase, NO_GRADIENT } from './kernel-case.ts'

/** Kernels that create tensors, from nothing or from the shape or type of another tensor. */
export const creationCases: readonly KernelCase[] = [
  {
    name: 'Cast',
    kernels: ['Cast'],
    variants: (draw) => {
      const apply = (x: Tensor): Tensor[] => [x.cast('float32'), x.cast('int32'), x.cast('bool')]
      return [
        { inputs: [floatsOf(0, -0, 0.5, -0.5, 1.9, -1.9, 100)], apply },
        { inputs: [intsOf([4], 0, 3, -1, 256)], apply },
        { inputs: [draw.bools([4])], apply },
      ]
    },
  },
  {
    name: 'ZerosLike and OnesLike',
    kernels: ['ZerosLike', 'OnesLike'],
    variants: (draw) => {
      const apply = (x: Tensor): Tensor[] => [tf.zerosLike(x), tf.onesLike(x)]
      return [
        { inputs: [draw.floats([2, 3])], apply },
        { inputs: [draw.ints([], 0, 3)], apply },
        { inputs: [draw.bools([70])], apply },
      ]
    },
  },
  {
    name: 'Fill, Range and LinSpace',
    kernels: ['Fill', 'Range', 'LinSpace'],
    valueOnly: 'they have no tensor to differentiate by',
    variants: (draw) => [
      {
        inputs: [draw.floats([3])],
        apply: (x) => [
          tf.fill([2, 3], 1.5),
          tf.fill([100], 7, 'int32'),
          tf.fill([2], 1, 'bool'),
          tf.range(0, 3).add(x),
          tf.range(1, 8, 3),
          tf.range(5, 2),
          tf.range(5, 0, -2, 'int32'),
          tf.range(2, 2),
          tf.range(0, 3, -1),
          tf.linspace(-1, 1, 3).mul(x),
          tf.linspace(2, 5, 1),
          tf.zeros([2, 2]).add(tf.ones([2, 1])),
          tf.eye(3).mul(x),
        ],
      },
    ],
  },
  {
    name: 'Diag',
    kernels: ['Diag'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      { inputs: [draw.floats([3])], apply: (x) => tf.diag(x) },
      { inputs: [draw.ints([2, 3], 1, 9)], apply: (x) => tf.diag(x) },
      { inputs: [floatsOf(1, Number.NaN)], apply: (x) => tf.diag(x) },
    ],
  },
]
