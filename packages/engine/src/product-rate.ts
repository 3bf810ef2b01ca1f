import { defined } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { Engine } from './contract.ts'

/** Rows and columns of the matrices: of a first look, and where that is soon over. */
const [SMALL, LARGE] = [128, 768]
/** Products of a call, one after the other. */
const PRODUCTS = 6
/** Calls at most, of which the fastest counts; one more before them warms up. */
const CALLS = 3
/** A first look that takes more milliseconds is the figure. */
const SLOW = 20
/** After a call of so many milliseconds, chance no longer matters. */
const ENOUGH = 200

/**
 * What an engine reaches in float32 products of square matrices that are on its device, in billions of floating-point operations
 * a second (a multiplication and an addition are two).
 */
export const productRate = async (engine: Engine): Promise<number> => {
  const small = await fastestCall(engine, SMALL)
  return small > SLOW ? rateOf(SMALL, small) : rateOf(LARGE, await fastestCall(engine, LARGE))
}

const rateOf = (size: number, ms: number): number => (PRODUCTS * 2 * size ** 3) / ms / 1e6

const fastestCall = async (engine: Engine, size: number): Promise<number> => {
  const products = engine.compile((params, { scale }) => {
    let y = tf.mul(defined(params.x), defined(scale))
    for (let i = 0; i < PRODUCTS; i++) y = tf.matMul(y, defined(params.w))
    // One number comes back, so that copies do not count.
    return { sum: tf.sum(y) }
  })
  const params = engine.place({ x: square(size, 1), w: square(size, 2) })
  const scale: HostTensor = { dtype: 'float32', shape: [1], data: Float32Array.of(1) }
  try {
    let fastest = Number.POSITIVE_INFINITY
    await products(params, { scale })
    for (let call = 0; call < CALLS; call++) {
      const started = performance.now()
      await products(params, { scale })
      const ms = performance.now() - started
      fastest = Math.min(fastest, ms)
      if (ms > ENOUGH) break
    }
    return fastest
  } finally {
    params.dispose()
    products.dispose()
  }
}

/** Numbers so small that products of them stay finite. */
const square = (size: number, seed: number): HostTensor => ({
  dtype: 'float32',
  shape: [size, size],
  data: Float32Array.from({ length: size * size }, (_, i) => Math.sin(seed + i) / Math.sqrt(size)),
})
