import { type Engine, selectEngine, type Tensors } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { labels, logits, second, weights } from './__fixtures__/three-rows.ts'
import { accuracyLoss } from './accuracy-loss.ts'
import { distillationLoss } from './distillation-loss.ts'
import { expectedAccuracyLoss } from './expected-accuracy-loss.ts'
import { focalLoss } from './focal-loss.ts'
import { hierarchicalLoss } from './hierarchical-loss.ts'
import { rDropLoss } from './r-drop-loss.ts'

const levels = [{ name: 'above', labels: ['a', 'b'], ofClass: Int32Array.of(0, 0, 1), weight: 0.5 }]

/** Every loss, by name, of logits x and further tensors. */
const losses = (x: tf.Tensor, { z = x, y = x, w = x }: Tensors): Record<string, tf.Tensor> => ({
  accuracy: accuracyLoss(x, y, { classWeights: w }),
  expected: expectedAccuracyLoss(x, y, { labelSmoothing: 0.1 }),
  focal: focalLoss(x, y, { classWeights: w }),
  rDrop: rDropLoss([x, z], y),
  distillation: tf.tidy(() =>
    distillationLoss(x, y, tf.softmax(z.mul(5)), { temperature: 3, classWeights: w }),
  ),
  hierarchical: hierarchicalLoss(x, y, { levels }),
})

const resultsOn = async (name: Engine['name']): Promise<Record<string, number[]>> => {
  const engine = await selectEngine(name)
  const float = (tensor: tf.Tensor) => ({
    dtype: 'float32' as const,
    shape: tensor.shape,
    data: Float32Array.from(tensor.dataSync()),
  })
  const [x, z, w] = [float(logits()), float(second()), float(weights())]
  const y = { dtype: 'int32' as const, shape: [3], data: Int32Array.from(labels().dataSync()) }
  const run = engine.compile((_, { x: input = tf.scalar(0), ...others }) => {
    const gradient = tf.grad((value: tf.Tensor) => tf.addN(Object.values(losses(value, others))))
    return { ...losses(input, others), gradient: gradient(input) }
  })
  const outputs = await run(engine.place({}), { x, y, z, w })
  engine.dispose()
  return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, [...data]]))
}

it.each(['compiled', 'wasm'] as const)('computes on the %s engine what it computes on cpu', async (name) => {
  const expected = await resultsOn('cpu')
  const actual = await resultsOn(name)
  expect(Object.keys(expected)).toHaveLength(7)
  for (const [key, values] of Object.entries(expected)) {
    for (const [i, value] of values.entries()) expect(actual[key]?.[i], key).toBeCloseTo(value, 5)
  }
})

it('frees everything but the losses', async () => {
  await tf.setBackend('cpu')
  const [x, others] = [logits(), { y: labels(), z: second(), w: weights() }]
  const before = tf.memory().numTensors
  expect(Object.keys(losses(x, others)).length).toBe(tf.memory().numTensors - before)
})
