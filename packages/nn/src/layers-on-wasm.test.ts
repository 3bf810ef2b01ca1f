import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { Context } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { expect, it } from 'vitest'
import { attentionBias } from './attention-bias.ts'
import { embedding } from './embedding.ts'
import { gelu } from './gelu.ts'
import { layerNorm } from './layer-norm.ts'
import { linear } from './linear.ts'
import { multiHeadAttention } from './multi-head-attention.ts'

const inference: Context = { training: false, dropout: (x) => x }
const random = (seed: number, ...shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed)

/** Every layer once, differentiated with respect to every parameter. */
const step = (): { value: tf.Tensor; grads: tf.Tensor[] } =>
  tf.tidy(() => {
    const ids = tf.tensor2d([2, 5, 1, 2, 1, 1], [2, 3], 'int32')
    const bias = attentionBias(tf.cast(tf.notEqual(ids, 1), 'int32'))
    return tf.valueAndGrads((table: tf.Tensor, weight: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) => {
      const x = layerNorm(embedding(table, ids, { paddingIndex: 1 }), scale, shift, 1e-5)
      const projected = gelu(linear(x, weight, shift))
      const { context } = multiHeadAttention(
        x,
        projected,
        projected,
        { heads: 2, bias, dropout: 0 },
        inference,
      )
      return tf.sum(tf.square(context))
    })([random(1, 6, 8), random(2, 8, 8), random(3, 8), random(4, 8)])
  })

const flat = ({ value, grads }: ReturnType<typeof step>): number[] =>
  [value, ...grads].flatMap((x) => [...x.dataSync()])

it('agrees on the cpu and wasm backends, in value and gradient, and leaks no tensor', async () => {
  const binaries = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  setWasmPaths(binaries + sep)
  const results: number[][] = []
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend)
    expect(tf.getBackend()).toBe(backend)
    const before = tf.memory().numTensors
    for (let i = 0; i < 3; i++) {
      const result = step()
      results.push(flat(result))
      tf.dispose([result.value, ...result.grads])
      expect(tf.memory().numTensors).toBe(before)
    }
  }
  const [cpu = [], , , wasm = []] = results
  const largest = Math.max(...cpu.map(Math.abs))
  const worst = Math.max(...cpu.map((x, i) => Math.abs(x - (wasm[i] ?? Number.NaN))))
  expect(cpu.length).toBe(1 + 48 + 64 + 8 + 8)
  expect(worst / largest).toBeLessThan(1e-5)
})

it('frees every intermediate tensor if called on its own', async () => {
  await tf.setBackend('cpu')
  const [x, weight, shift, ids] = [
    random(1, 2, 3, 4),
    random(2, 4, 4),
    random(3, 4),
    tf.zeros([2, 3], 'int32'),
  ]
  const before = tf.memory().numTensors
  const made = [
    linear(x, weight, shift),
    layerNorm(x, shift, shift, 1e-5),
    gelu(x),
    embedding(weight, ids),
    attentionBias(ids),
  ]
  expect(tf.memory().numTensors - before).toBe(made.length)
  multiHeadAttention(x, x, x, { heads: 2, dropout: 0 }, inference)
  expect(tf.memory().numTensors - before).toBe(made.length + 2)
})
