import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { LossFunction } from '../contract.ts'
import { activationBytes } from './activation-bytes.ts'

const float = (...shape: number[]) => ({ dtype: 'float32', shape }) as const
const [B, H] = [10, 7]
const layer = (x: tf.Tensor, weight: tf.Tensor | undefined): tf.Tensor =>
  tf.matMul(x, weight ?? x, false, true)

/** Two layers with a square between them: y = (x · W₁ᵀ)² · W₂ᵀ, and the mean of all. */
const loss: LossFunction = ({ w1, w2 }, { x }, ctx) =>
  layer(ctx.dropout(layer(x ?? tf.zeros([0]), w1).square(), 0.5), w2).mean()
const count = (rows: number, trainable?: (name: string) => boolean): number =>
  activationBytes({
    loss,
    params: { w1: float(H, H), w2: float(H, H) },
    batch: { x: float(rows, H) },
    trainable,
  })

it('counts what a step holds at once, in proportion to the rows', () => {
  const fixed = 2 * count(B) - count(2 * B)
  expect(fixed).toBeLessThan(100)
  const values = (count(B) - fixed) / (4 * B * H)
  // x · W₁ᵀ, its dropped square, the mask and a gradient at least; not more than every value that is computed.
  expect(values).toBeGreaterThanOrEqual(3)
  expect(values).toBeLessThan(10)
})

it('counts less where weights are frozen, and less than that where nothing before a weight is trained', () => {
  const all = count(B)
  const second = count(B, (name) => name === 'w2')
  expect(second).toBeLessThan(all)
})
