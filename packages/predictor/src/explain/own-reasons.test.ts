import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { type NgramModelOptions, trainNgramModel } from '@kic/ngram'
import { saveNgramModel } from '@kic/ngram/node'
import { KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { businessRows as rows } from '../__fixtures__/business-rows.ts'
import { loadPredictor, packEnsemble, saveCalibration, saveExamples, saveNgramFolder } from '../node.ts'
import type { ExplainedText } from './explanation.ts'

const coded = rows.map(({ text, label }) => ({ text, code: label }))

let folder: string
const at = (name: string): string => join(folder, name)
const save = (name: string, options: NgramModelOptions) =>
  saveNgramFolder(at(name), {
    model: trainNgramModel(rows, options),
    notes: { classification: ksic10, script: undefined },
  })
const explained = async (name: string, text: string): Promise<ExplainedText> => {
  const predictor = await loadPredictor(at(name))
  const found = await predictor.explain(text).finally(() => predictor.dispose())
  if (found.status === 'explained') return found
  throw new Error(`unusable: ${found.reason}`)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-reasons-'))
  for (const model of ['linear-svc', 'nb-svc', 'logistic-regression', 'naive-bayes', 'nearest'] as const)
    await save(model, { model })
  await saveTinyModel(at('network'), KSIC_NOTES)
  await packEnsemble(at('ensemble'), {
    members: ['naive-bayes', 'nearest'].map((name) => ({ name, folder: at(name) })),
  })
})
afterAll(() => rm(folder, { recursive: true }))

describe('additive explanations', () => {
  it.each(['linear-svc', 'nb-svc', 'logistic-regression', 'naive-bayes'])(
    'of %s add up to what the confidences say',
    async (name) => {
      // A temperature other than 1, as calibrated models have.
      const calibrated = `${name}-calibrated`
      await cp(at(name), at(calibrated), { recursive: true })
      const curve = { rows: 1, thresholds: [0], automatic: [1], correct: { group: [1] } }
      await saveCalibration(at(calibrated), { temperature: 0.7, on: 'a row', curve })
      const predictor = await loadPredictor(at(calibrated))
      const pieces = fc.constantFrom(...rows.flatMap(({ text }) => text.split(' ')), ' ', 'İ', '벼', 'q')
      await fc.assert(
        fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (words) => {
          const found = await predictor.explain(words.join(''))
          if (found.status === 'unusable') return
          const { method, characters, base, total, first, second } = found
          if (base === undefined || total === undefined || second === undefined) throw new Error(method)
          expect(method).toBe('additive')
          expect(characters.map(({ character }) => character).join('')).toBe(found.text)
          for (const answer of ['first', 'second'] as const) {
            const sum = characters.reduce((all, one) => all + one[answer], base[answer])
            expect(sum).toBeCloseTo(total[answer], 9)
          }
          // Confidences and scores are float32.
          const odds = Math.log(first.confidence / second.confidence)
          if (second.confidence > 1e-6) expect(total.first - total.second).toBeCloseTo(odds, 3)
        }),
        { numRuns: 40 },
      )
      await predictor.dispose()
    },
  )

  it('are not claimed of networks, ensembles and neighbours', async () => {
    for (const name of ['network', 'ensemble', 'nearest']) {
      const { method, base, total } = await explained(name, '자동차 수리')
      expect([method, base, total]).toEqual(['occlusion', undefined, undefined])
    }
  })
})

describe('examples', () => {
  it('are the nearest training texts of a nearest-neighbour model, and of an ensemble with one', async () => {
    for (const name of ['nearest', 'ensemble']) {
      const { examples = [] } = await explained(name, '자동차 수리')
      expect(examples[0]).toMatchObject({ text: '자동차 수리 카센터', code: '952' })
      expect(examples[0]?.name).toMatch(/수리/)
      expect(examples.length).toBeLessThanOrEqual(3)
      const similarities = examples.map(({ similarity }) => similarity)
      expect(similarities).toEqual(similarities.toSorted((a, b) => b - a))
      expect(await readFile(join(at(name), 'README.md'), 'utf8')).toContain('keeps its training texts')
    }
  })

  it('are in other folders only if somebody has saved them there, and the card says so', async () => {
    expect((await explained('network', '자동차 수리')).examples).toBeUndefined()
    expect((await explained('naive-bayes', '자동차 수리')).examples).toBeUndefined()
    for (const name of ['network', 'naive-bayes', 'ensemble']) {
      const own = `${name}-with-examples`
      await cp(at(name), at(own), { recursive: true })
      // Prepared as the model's texts are.
      expect(await saveExamples(at(own), [{ text: ' 카센터  \u200b수리', code: '952' }, ...coded])).toBe(9)
      expect(await saveExamples(at(own), [{ text: ' 카센터  \u200b수리', code: '952' }])).toBe(1)
      expect((await explained(own, '카센터 수리')).examples).toEqual([
        {
          text: '카센터 수리',
          code: '952',
          name: expect.stringMatching(/수리/),
          similarity: expect.closeTo(1, 6),
        },
      ])
      const card = await readFile(join(at(own), 'README.md'), 'utf8')
      expect(card.match(/## Kept texts/g)).toHaveLength(1)
      expect(card).toContain('keeps 1 coded texts')
      expect(
        card.startsWith((await readFile(join(at(name), 'README.md'), 'utf8').catch(() => '')).trimEnd()),
      ).toBe(true)
    }
  })

  it('are not taken into an ensemble that a model becomes a member of', async () => {
    await cp(at('naive-bayes'), at('kept'), { recursive: true })
    await saveExamples(at('kept'), coded)
    await packEnsemble(at('without'), { members: [{ name: 'kept', folder: at('kept') }] })
    expect((await explained('without', '자동차 수리')).examples).toBeUndefined()
  })

  it('must be texts of the model’s codes, and a file of examples', async () => {
    const refused = { code: 'predictor/examples' }
    await expect(saveExamples(at('network'), [{ text: '쌀', code: '999' }])).rejects.toMatchObject(refused)
    await expect(saveExamples(at('network'), [{ text: ' ', code: '011' }])).rejects.toMatchObject(refused)
    await cp(at('network'), at('wrong'), { recursive: true })
    await saveNgramModel(
      join(at('wrong'), 'examples.safetensors'),
      trainNgramModel(rows, { model: 'naive-bayes' }),
    )
    await expect(explained('wrong', '쌀')).rejects.toMatchObject(refused)
    await writeFile(join(at('wrong'), 'examples.safetensors'), 'damaged')
    await expect(explained('wrong', '쌀')).rejects.toThrow(
      /^explain: examples\.safetensors in .*wrong: readSafetensors: /,
    )
  })
})
