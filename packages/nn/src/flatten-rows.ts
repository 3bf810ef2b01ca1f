import { defined } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'

/** [..., H] → [n, H]: every row of the last axis. */
export const flattenRows = (x: Tensor): Tensor => {
  if (x.rank === 2) return x
  const width = defined(x.shape.at(-1))
  const rows = x.shape.slice(0, -1).reduce((product, size) => product * size, 1)
  return tf.reshape(x, [rows, width])
}
