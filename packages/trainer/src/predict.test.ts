import { defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CLASSES, tinyLogits, tinyParams, tinyRows } from './__fixtures__/tiny-task.ts'
import { createPredictor, predict } from './predict.ts'

const engines: Engine[] = []
beforeAll(async () => {
  engines.push(await selectEngine('compiled'), await selectEngine('cpu'))
})
afterAll(() => {
  for (const engine of engines) engine.dispose()
})

const rows = tinyRows(50, 4)
const { embeddings, dense, bias, out } = {
  embeddings: tinyParams()['embeddings.weight']?.data ?? [],
  dense: tinyParams()['dense.weight']?.data ?? [],
  bias: tinyParams()['dense.bias']?.data ?? [],
  out: tinyParams()['out.weight']?.data ?? [],
}

/** The fixture's model for one row, written as loops. */
const logitsOf = (ids: Int32Array): number[] => {
  const mean = Array.from(
    { length: 8 },
    (_, j) => ids.reduce((sum, id) => sum + defined(embeddings[id * 8 + j]), 0) / ids.length,
  )
  const dot = (weights: ArrayLike<number>, row: number, x: readonly number[]): number =>
    x.reduce((sum, value, j) => sum + value * defined(weights[row * 8 + j]), 0)
  const hidden = mean.map((_, i) => Math.tanh(dot(dense, i, mean) + defined(bias[i])))
  return Array.from({ length: CLASSES }, (_, c) => dot(out, c, hidden))
}

it('returns the logits of each row, in order, for any batch size', async () => {
  const expected = (rows.inputIds as Int32Array[]).flatMap(logitsOf)
  for (const engine of engines) {
    for (const batchSize of [7, 64]) {
      const params = engine.place(tinyParams())
      const result = await predict({ engine, params, forward: tinyLogits, rows, padTokenId: 1, batchSize })
      expect(result.classes).toBe(CLASSES)
      expect(result.logits.length).toBe(150)
      result.logits.forEach((value, i) => {
        expect(value).toBeCloseTo(defined(expected[i]), 4)
      })
      const probabilities = result.probabilities()
      expect(defined(probabilities[3]) + defined(probabilities[4]) + defined(probabilities[5])).toBeCloseTo(
        1,
        5,
      )
      const first = expected.slice(0, 3)
      expect(result.labels()[0]).toBe(first.indexOf(Math.max(...first)))
      params.dispose()
    }
  }
})

it('refuses a function that does not return [B, C]', async () => {
  const [engine] = engines
  if (engine === undefined) throw new Error('no engine')
  const predictor = createPredictor({
    engine,
    forward: (p, f, ctx) => tinyLogits(p, f, ctx).sum(1),
    padTokenId: 1,
  })
  await expect(predictor(engine.place(tinyParams()), rows)).rejects.toMatchObject({
    code: 'trainer/forward-shape',
  })
})
