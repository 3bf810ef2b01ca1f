import type { Engine } from '@kic/engine'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { productsOf } from './products.ts'

/** Rows, inner size and columns of products like those of an encoder, and square ones. */
const SIZES = [
  [768, 768, 768],
  [768, 768, 2304],
  [768, 3072, 768],
  [1024, 1024, 1024],
  [1536, 768, 768],
  [2048, 2048, 2048],
] as const
const REPEATS = 3

/** What the machine's best matrix product reaches, in milliseconds and billions of floating point operations a second. */
export const bestMatmulRate = async (
  engine: Engine,
): Promise<{ readonly size: string; readonly ms: number; readonly gflops: number }> => {
  const product = engine.compile((_, { a, b }) => {
    if (a === undefined || b === undefined) throw new Error('a product has two operands')
    return { c: tf.matMul(a, b) }
  })
  const none = engine.place({})
  let best = { size: '', ms: 0, gflops: 0 }
  for (const [m, k, n] of SIZES) {
    const feeds = { a: matrix(m, k), b: matrix(k, n) }
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { gflop, ms } = productsOf(await engine.profile(() => product(none, feeds), { rounds: 7 }))
      if (gflop / ms > best.gflops / 1000)
        best = { size: `[${m},${k}] [${k},${n}]`, ms, gflops: (1000 * gflop) / ms }
    }
  }
  product.dispose()
  return best
}

const matrix = (rows: number, columns: number): HostTensor => ({
  dtype: 'float32',
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
})
