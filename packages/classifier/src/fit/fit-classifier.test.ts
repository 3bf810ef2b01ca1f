import { type Engine, selectEngine } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { type SequenceClassifier, sequenceClassifier, standardHead } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { createPredictor, noDecay, tokenBatches, train } from '@kic/trainer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { classNumbers } from '../start/class-numbers.ts'
import { freshConfig } from '../start/fresh-config.ts'
import { freshTokenizer } from '../start/fresh-tokenizer.ts'
import { tokenizeRows } from '../start/tokenize-rows.ts'
import { LOSS_NAMES } from './classifier-loss.ts'
import { type FitOptions, fitClassifier, type LabelledTokenRows } from './fit-classifier.ts'
import { validationMetrics } from './validation-metrics.ts'

const classes = ['politics', 'science', 'sport']
let engine: Engine
let model: SequenceClassifier
let rows: LabelledTokenRows
let validation: LabelledTokenRows
let options: Omit<FitOptions, 'engine'>

beforeAll(async () => {
  engine = await selectEngine('compiled')
  const [training, judged] = [newsRows(120, 1), newsRows(60, 2)]
  const tokenizer = await freshTokenizer(
    training.map(({ text }) => text),
    { vocabulary: 200 },
  )
  const sizes = { hidden: 16, layers: 1, heads: 2, maxLength: 16, initializerRange: 0.2 }
  model = sequenceClassifier(freshConfig(tokenizer, sizes, classes), standardHead)
  const labelled = (of: typeof training): LabelledTokenRows => ({
    ...tokenizeRows(
      { tokenizer, config: model.config },
      of.map(({ text }) => text),
    ),
    labels: classNumbers(
      classes,
      of.map(({ label }) => label),
    ),
  })
  rows = labelled(training)
  validation = labelled(judged)
  options = {
    model,
    initial: initialize(model.parameters, 1),
    rows,
    padTokenId: tokenizer.specialTokens.pad.id,
    epochs: 1,
    batchSize: 16,
    learningRate: 3e-3,
    seed: 1,
  }
})
afterAll(() => engine.dispose())

const fitted = async (more: Partial<FitOptions> = {}): Promise<HostTensors> => {
  const { params } = await fitClassifier({ engine, ...options, ...more })
  const values = await params.read()
  const copies = Object.entries(values).map(([name, tensor]) => [
    name,
    { ...tensor, data: tensor.data.slice() },
  ])
  params.dispose()
  return Object.fromEntries(copies)
}

describe('fitClassifier', () => {
  it('is the training loop with cross-entropy, AdamW and a linear schedule', async () => {
    const { params } = await train({
      engine,
      params: options.initial,
      loss: (tensors, batch, ctx) =>
        crossEntropy(model.logits(tensors, batch, ctx), parameter(batch, 'labels')),
      optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
      learningRate: 3e-3,
      schedule: { kind: 'linear', warmupRatio: 0.06 },
      epochs: 4,
      batches: tokenBatches(rows, { batchSize: 16, seed: 1, padTokenId: options.padTokenId }),
      seed: 1,
    })
    expect(await fitted({ epochs: 4 })).toEqual(await params.read())
    params.dispose()
  })

  it('learns topics, judged on rows that it did not learn from', async () => {
    const predictor = createPredictor({ engine, forward: model.logits, padTokenId: options.padTokenId })
    const { metrics, params } = await fitClassifier({
      engine,
      ...options,
      epochs: 12,
      learningRate: 1e-2,
      evaluate: { run: validationMetrics(predictor, validation) },
    })
    expect(metrics.accuracy).toBeGreaterThan(0.9)
    expect(metrics.macroF1).toBeGreaterThan(0.9)
    expect(metrics.loss).toBeLessThan(0.5)
    params.dispose()
    predictor.dispose()
  })

  it.each(LOSS_NAMES)('minimises the loss %s', async (loss) => {
    const losses: number[] = []
    const { params } = await fitClassifier({
      engine,
      ...options,
      loss,
      coarser: [{ name: 'desk', labels: ['hard', 'soft'], ofClass: Int32Array.of(0, 0, 1), weight: 0.5 }],
      epochs: 4,
      callbacks: [{ onEpochEnd: (epoch) => void losses.push(epoch.loss) }],
    })
    params.dispose()
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0)
  })

  it('lets losses differ, and takes one of its own', async () => {
    const plain = await fitted()
    // The error rate has no gradient.
    expect(await fitted({ loss: 'accuracy' })).toEqual(plain)
    expect(await fitted({ loss: (logits, labels) => crossEntropy(logits, labels) })).toEqual(plain)
    for (const loss of ['expected-accuracy', 'focal', 'r-drop'] as const)
      expect(await fitted({ loss })).not.toEqual(plain)
    expect(() => fitClassifier({ engine, ...options, loss: 'hierarchical' })).toThrow(
      expect.objectContaining({ code: 'classifier/loss' }),
    )
  })

  it('weighs classes, and rows by how often they are drawn', async () => {
    const shareOf = async (number: number, more: Partial<FitOptions>): Promise<number> => {
      const values = await fitted({ epochs: 4, ...more })
      const params = engine.place(values)
      const predictor = createPredictor({ engine, forward: model.logits, padTokenId: options.padTokenId })
      const labels = (await predictor(params, validation)).labels()
      predictor.dispose()
      params.dispose()
      return labels.filter((label) => label === number).length / labels.length
    }
    // Rows without any class of the third one: it is never answered.
    expect(await shareOf(2, { classWeights: [1, 1, 0] })).toBe(0)
    const samplingWeights = Array.from(rows.labels, (label) => (label === 1 ? 1 : 0))
    expect(await shareOf(1, { samplingWeights, epochs: 8 })).toBe(1)
  })

  it('leaves frozen parameters as they are: those of the model, or those given', async () => {
    const frozen = (name: string) => name.includes('embeddings')
    const values = await fitted({ frozen })
    expect(await fitted({ model: { ...model, frozen } })).toEqual(values)
    for (const [name, tensor] of Object.entries(values)) {
      if (frozen(name)) expect(tensor).toEqual(options.initial[name])
      else if (name.endsWith('weight')) expect(tensor).not.toEqual(options.initial[name])
    }
  })
})
