import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'
import { flattenRows } from './flatten-rows.ts'

/**
 * `x · weightᵀ + bias`, like `torch.nn.Linear`: [..., in] → [..., out].
 *
 * @param weight [out, in]
 * @param bias [out]
 * @throws KicError `nn/linear-shape` if the widths do not match
 */
export const linear = (x: Tensor, weight: Tensor, bias?: Tensor): Tensor =>
  tf.tidy(() => {
    const [out, width] = weight.shape
    if (weight.rank !== 2 || out === undefined || x.shape.at(-1) !== width) {
      throw new KicError<NnErrorCode>(
        'nn/linear-shape',
        `linear: the weight must be [out, in] with in = the last axis of x [${x.shape}], received [${weight.shape}]. Use the layer's own weight.`,
      )
    }
    if (bias && (bias.rank !== 1 || bias.shape[0] !== out)) {
      throw new KicError<NnErrorCode>(
        'nn/linear-shape',
        `linear: the bias must be [${out}], received [${bias.shape}]. Use the layer's own bias.`,
      )
    }
    const product = tf.matMul(flattenRows(x), weight, false, true) // [n, out]
    const y = bias ? tf.add(product, bias) : product
    return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), out])
  })
