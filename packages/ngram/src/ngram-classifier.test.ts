import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import reference from './__fixtures__/scikit-learn.json' with { type: 'json' }
import { type NgramModel, ngramScores, trainNgrams } from './ngram-classifier.ts'

const LESSON = { texts: reference.train, labels: Int32Array.from(reference.labels), classes: 3, seed: 1 }
const MODELS: readonly NgramModel[] = [
  { model: 'linear-svc', shortest: 1, longest: 4, C: 0.5 },
  { model: 'naive-bayes' },
]

it.each(MODELS)(
  '$model scores texts from its folder, equal for a text whatever else is scored',
  async (model) => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-ngrams-'))
    try {
      const done: number[] = []
      expect(await trainNgrams(folder, model, LESSON, (count) => done.push(count))).toBeGreaterThan(100)
      expect(done).toEqual(model.model === 'linear-svc' ? [1, 2, 3] : [])
      const [all = new Float32Array()] = await ngramScores(folder, model, LESSON, [reference.unseen])
      const [first, rest] = await ngramScores(folder, model, LESSON, [
        reference.unseen.slice(0, 1),
        reference.unseen.slice(1),
      ])
      expect([...(first ?? []), ...(rest ?? [])]).toEqual([...all])
      if (model.model === 'naive-bayes') return
      // LIBLINEAR's tolerance here; linear-svc.test.ts compares to five digits.
      reference.scores.flat().forEach((score, i) => {
        expect(Math.abs((all[i] ?? Number.NaN) - score)).toBeLessThan(0.1)
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
