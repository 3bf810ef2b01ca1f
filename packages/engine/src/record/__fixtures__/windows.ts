import type { HostTensor } from '@kic/safetensors'
import type { Draw } from './kernel-case.ts'

export type Padding = 'valid' | 'same' | number
export type Sizes = [number, number]

/** Height and width of input and filter, strides, padding. */
export const WINDOWS: readonly (readonly [
  input: Sizes,
  filter: Sizes,
  strides: Sizes | number,
  pad: Padding,
])[] = [
  [[5, 4], [3, 2], 1, 'valid'],
  [[5, 4], [3, 2], 1, 'same'],
  [[6, 7], [3, 3], 2, 'same'],
  // The windows do not reach the last rows and columns.
  [[7, 6], [2, 3], [3, 2], 'valid'],
  [[5, 5], [3, 3], 2, 1],
  [[4, 4], [1, 1], 2, 'valid'],
  [[3, 3], [3, 3], 1, 'valid'],
  [[2, 2], [3, 3], 1, 'same'],
]

/** Two images. */
export const images = (draw: Draw, [h, w]: Sizes, channels = 3): HostTensor =>
  draw.floats([2, h, w, channels])
