import {
  type Engine,
  type LossFunction,
  type StepResult,
  selectEngine,
  type Tensors,
  withoutLossWeights,
} from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accuracyLoss } from './accuracy-loss.ts'
import { crossEntropy } from './cross-entropy.ts'
import { distillationLoss } from './distillation-loss.ts'
import { expectedAccuracyLoss } from './expected-accuracy-loss.ts'
import { focalLoss } from './focal-loss.ts'
import { hierarchicalLoss } from './hierarchical-loss.ts'
import { rDropLoss } from './r-drop-loss.ts'

const [FEATURES, CLASSES] = [3, 4]
const levels = [{ name: 'above', labels: ['a', 'b'], ofClass: Int32Array.of(0, 0, 1, 1), weight: 0.5 }]
const classWeights = () => tf.tensor1d([0.2, 1, 5, 0])

/** Rows of class 1 have soft targets, too, and those of class 0 soft targets alone. */
const taught = (y: tf.Tensor): [labels: tf.Tensor, softTargets: tf.Tensor] => {
  const zero = y.equal(tf.scalar(0, 'int32')).cast('int32') // [B]
  const both = y.equal(tf.scalar(1, 'int32')).cast('int32') // [B]
  const rows = zero.add(both).cast('float32').expandDims(1) // [B, 1]
  return [y.sub(zero.mul(tf.scalar(100, 'int32'))), rows.mul(tf.tensor2d([[0.6, 0.3, 0.1, 0]]))]
}

/** Every loss of this package, of logits x, those z of a second pass, and labels y. */
const losses: Record<string, (x: tf.Tensor, z: tf.Tensor, y: tf.Tensor) => ReturnType<LossFunction>> = {
  'cross-entropy': (x, _, y) => crossEntropy(x, y),
  'cross-entropy with class weights': (x, _, y) => crossEntropy(x, y, { classWeights: classWeights() }),
  'cross-entropy, smoothed, with class weights': (x, _, y) =>
    crossEntropy(x, y, { classWeights: classWeights(), labelSmoothing: 0.2 }),
  'focal loss with class weights': (x, _, y) => focalLoss(x, y, { classWeights: classWeights() }),
  'R-Drop with class weights': (x, z, y) =>
    rDropLoss([x, z], y, { classWeights: classWeights(), alpha: 0.7 }),
  'distillation of some rows, with class weights': (x, _, y) =>
    distillationLoss(x, ...taught(y), { classWeights: classWeights() }),
  'distillation and R-Drop': (x, z, y) => {
    const [labels, softTargets] = taught(y)
    const labelLoss = withoutLossWeights(() => rDropLoss([x, z], labels))
    return distillationLoss([x, z], labels, softTargets, { labelLoss })
  },
  'expected accuracy with class weights': (x, _, y) =>
    expectedAccuracyLoss(x, y, { classWeights: classWeights() }),
  'hierarchical loss with class weights': (x, _, y) =>
    hierarchicalLoss(x, y, { levels, classWeights: classWeights() }),
  // Up to the clamp of its error rate, which has no gradient.
  'accuracy loss': (x, _, y) => accuracyLoss(x, y),
  'a sum of losses': (x, z, y) => crossEntropy(x, y).mul(0.3).add(focalLoss(z, y)).asScalar(),
  'a sum of a loss and a penalty': (x, z, y) =>
    crossEntropy(x, y).add(z.slice(0, 1).square().sum().mul(0)).asScalar(),
  'a loss that returns its weight': (x, _, y) => {
    const weight = y.notEqual(tf.scalar(-100, 'int32')).cast('float32').sum()
    const target = tf.oneHot(y.cast('int32'), CLASSES).cast('float32')
    return { loss: tf.logSoftmax(x).mul(target).sum().div(weight.maximum(1e-9)).neg().asScalar(), weight }
  },
}

interface Row {
  readonly label: number
  readonly x: readonly number[]
}
const row: fc.Arbitrary<Row> = fc.record({
  label: fc.oneof(fc.integer({ min: 0, max: CLASSES - 1 }), fc.constant(-100)),
  x: fc.array(
    fc.integer({ min: -8, max: 8 }).map((n) => n / 4),
    { minLength: FEATURES, maxLength: FEATURES },
  ),
})

const feeds = (rows: readonly Row[]): HostTensors => ({
  x: {
    dtype: 'float32',
    shape: [rows.length, FEATURES],
    data: Float32Array.from(rows.flatMap(({ x }) => x)),
  },
  labels: { dtype: 'int32', shape: [rows.length], data: Int32Array.from(rows, ({ label }) => label) },
})

const weight = (seed: number) => ({
  dtype: 'float32' as const,
  shape: [FEATURES, CLASSES],
  data: Float32Array.from({ length: FEATURES * CLASSES }, (_, i) => Math.sin(seed + 1.7 * i)),
})

const step = async (
  engine: Engine,
  loss: LossFunction,
  batches: readonly HostTensors[],
): Promise<StepResult & { gradients: readonly number[] }> => {
  const params = engine.place({ first: weight(1), second: weight(2) })
  const trainStep = engine.trainStep({ params, loss, seed: 0, optimizer: { kind: 'adamw', beta1: 0.5 } })
  try {
    const result = await trainStep(batches, { learningRate: 0.01 })
    // The first moment of a first step is half of the gradient.
    const { moments } = await trainStep.state()
    const gradients = ['first.m', 'second.m'].flatMap((name) =>
      Array.from(moments[name]?.data ?? [], (m) => 2 * m),
    )
    return { ...result, gradients }
  } finally {
    trainStep.dispose()
    params.dispose()
  }
}

const taken = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name]
  if (tensor === undefined) throw new Error(`no ${name}`)
  return tensor
}
const lossOf =
  (name: string): LossFunction =>
  (params, batch) => {
    const [x, y] = [taken(batch, 'x'), taken(batch, 'labels')]
    const logits = (weights: string) => tf.matMul(x, taken(params, weights))
    const fn = losses[name]
    if (fn === undefined) throw new Error(`no ${name}`)
    return fn(logits('first'), logits('second'), y)
  }

describe.each(['cpu', 'compiled'] as const)('an update on the %s engine', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await selectEngine(name)
  })
  afterAll(() => engine.dispose())

  it.each(Object.keys(losses))(
    'is the same however its rows are divided: %s',
    { timeout: 120_000 },
    async (loss) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 2, maxLength: 9 }),
          fc.integer({ min: 1, max: 4 }),
          async (rows, size) => {
            const filler: Row = { label: -100, x: [1, 1, 1] }
            const parts = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
              const part = rows.slice(i * size, (i + 1) * size)
              return [...part, ...new Array<Row>(size - part.length).fill(filler)]
            })
            const whole = await step(engine, lossOf(loss), [feeds(rows)])
            const divided = await step(engine, lossOf(loss), parts.map(feeds))
            expect(Math.abs(divided.loss - whole.loss)).toBeLessThan(2e-5)
            expect(Math.abs(divided.gradNorm - whole.gradNorm)).toBeLessThan(2e-5)
            expect(divided.weight).toBeCloseTo(whole.weight ?? Number.NaN, 4)
            for (const [i, gradient] of whole.gradients.entries()) {
              expect(Math.abs((divided.gradients[i] ?? Number.NaN) - gradient)).toBeLessThan(2e-5)
            }
          },
        ),
        { numRuns: 15 },
      )
    },
  )

  it('is refused where means of one loss weigh the micro-batches differently', async () => {
    const loss: LossFunction = (params, batch) => {
      const [x, y] = [tf.matMul(taken(batch, 'x'), taken(params, 'first')), taken(batch, 'labels')]
      return crossEntropy(x, y)
        .add(crossEntropy(x, y, { ignoreIndex: 1 }))
        .asScalar()
    }
    const rows = (labels: readonly number[]) => feeds(labels.map((label) => ({ label, x: [1, 0, 1] })))
    const batches = [rows([1, 1, 0]), rows([2, 3, 0])]
    await expect(step(engine, loss, batches)).rejects.toMatchObject({
      code: 'engine/loss-weights',
      message: expect.stringContaining('[0.5000, 0.5000] and [0.2500, 0.7500]'),
    })
    // One micro-batch, or a weight of its own, leaves no question.
    await step(engine, loss, [rows([1, 1, 0, 2, 3, 0])])
    await step(engine, (...given) => ({ loss: loss(...given) as tf.Scalar, weight: tf.scalar(1) }), batches)
  })
})

it('is the mean of means where equal shares are asked for', async () => {
  const engine = await selectEngine('cpu')
  const params = engine.place({ first: weight(1), second: weight(2) })
  const trainStep = engine.trainStep({
    params,
    loss: lossOf('cross-entropy'),
    seed: 0,
    optimizer: { kind: 'adamw' },
  })
  const batches = [[0], [1, 2, 3]].map((labels) =>
    feeds(labels.map((label, i) => ({ label, x: [i, 1, -1] }))),
  )
  const { loss, outputs } = await trainStep(batches, { learningRate: 1e-9, accumulationMean: 'equal' })
  const means = outputs.map(({ loss: mean }) => mean?.data[0] ?? Number.NaN)
  expect(loss).toBeCloseTo(((means[0] ?? 0) + (means[1] ?? 0)) / 2, 6)
  const exact = await trainStep(batches, { learningRate: 1e-9 })
  expect(exact.loss).toBeCloseTo(((means[0] ?? 0) + 3 * (means[1] ?? 0)) / 4, 5)
  expect(exact.weight).toBe(4)
  await expect(trainStep(batches, { learningRate: 1e-9, weights: [1, -1] })).rejects.toMatchObject({
    code: 'engine/weights',
  })
  engine.dispose()
})
