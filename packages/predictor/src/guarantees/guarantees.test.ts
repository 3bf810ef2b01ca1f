import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { createRandom, defined } from '@kic/core'
import { trainNgramModel } from '@kic/ngram'
import { thresholdFor } from '@kic/scores'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PredictOptions } from '../answers/predict-options.ts'
import type { CodedText, Prediction } from '../answers/prediction.ts'
import type { Predictor } from '../answers/predictor.ts'
import { calibrate, guarantee, type LabelledText } from '../calibrate/calibrate.ts'
import { calibrationHalves } from '../calibrate/calibration-halves.ts'
import { loadPredictor as loadAnywhere } from '../load-predictor.ts'
import { filesIn, loadPredictor, packEnsemble, saveCalibration, saveNgramFolder } from '../node.ts'
import { shopAnswers } from './__fixtures__/shop-answers.ts'
import { codeSets } from './code-sets.ts'
import { reviewThreshold } from './review-threshold.ts'

const LEVELS = ['section', 'division', 'group']
const rows = shopAnswers(1200, 2)
const others = shopAnswers(3000, 3)

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-guarantees-'))
  const training = shopAnswers(500, 1).map(({ text, labels }) => ({ text, label: labels.group ?? '' }))
  const notes = { classification: ksic10, script: ksicScript }
  // Smoothed, naive Bayes is not sure of everything.
  for (const options of [
    { model: 'naive-bayes', longest: 3, smoothing: 1 },
    { model: 'linear-svc' },
  ] as const)
    await saveNgramFolder(at(options.model), { model: trainNgramModel(training, options), notes })
  const members = ['naive-bayes', 'linear-svc'].map((name) => ({ name, folder: at(name) }))
  await packEnsemble(at('ensemble'), { members })
  await calibrated('naive-bayes')
  await calibrated('ensemble')
})
afterAll(() => rm(folder, { recursive: true }))

const calibrated = (name: string): Promise<void> =>
  using(name, async (predictor) => saveCalibration(at(name), await calibrate(predictor, rows, 'rows')))

const using = async <T>(name: string, use: (predictor: Predictor) => Promise<T>): Promise<T> => {
  const predictor = await loadPredictor(at(name))
  try {
    return await use(predictor)
  } finally {
    await predictor.dispose()
  }
}

const coded = (prediction: Prediction): CodedText => {
  if (prediction.status === 'unusable') throw new Error('unusable')
  return prediction
}
const answersTo = async (
  predictor: Predictor,
  texts: readonly LabelledText[],
  options: PredictOptions,
): Promise<readonly CodedText[]> =>
  (
    await predictor.predict(
      texts.map(({ text }) => text),
      options,
    )
  ).map(coded)

/** The share of texts whose set has the true code, at a level. */
const coverageOf = (answers: readonly CodedText[], texts: readonly LabelledText[], level: string): number => {
  const hits = answers.filter((answer, i) =>
    defined(answer.sets?.[level]).some(({ code }) => code === texts[i]?.labels[level]),
  )
  return hits.length / texts.length
}

describe.each(['naive-bayes', 'ensemble'])('%s', (name) => {
  it('covers other texts as often as asked, at every level, unless answers alone are right more often', () =>
    using(name, async (predictor) => {
      for (const coverage of [0.8, 0.9, 0.95]) {
        const exact = await answersTo(predictor, others, { coverage, exactCoverage: true })
        const usual = await answersTo(predictor, others, { coverage })
        for (const level of LEVELS) {
          const right = usual.filter(({ codes }, i) => codes[level]?.code === others[i]?.labels[level]).length
          // 600 calibration rows tell it within two points.
          expect(Math.abs(coverageOf(exact, others, level) - coverage)).toBeLessThan(0.04)
          expect(coverageOf(usual, others, level)).toBeGreaterThan(
            Math.max(coverage - 0.04, right / others.length - 1e-9),
          )
        }
      }
    }))

  it('has the answer in each set, with the probabilities of the codes, most probable first', () =>
    using(name, async (predictor) => {
      const answers = await answersTo(predictor, others.slice(0, 300), { coverage: 0.95 })
      const sizes = new Set<number>()
      for (const { sets = {}, codes } of answers) {
        expect(Object.keys(sets)).toEqual(LEVELS)
        for (const level of LEVELS) {
          const set = defined(sets[level])
          sizes.add(set.length)
          const own = defined(codes[level])
          const same = defined(set.find(({ code }) => code === own.code))
          expect(same.name).toBe(own.name)
          // An ensemble's answer at a coarser level is that of the level's own vote.
          if (name === 'naive-bayes' || level === 'group')
            expect(same.confidence).toBeCloseTo(own.confidence, 5)
          const confidences = set.map(({ confidence }) => confidence)
          expect(confidences).toEqual(confidences.toSorted((a, b) => b - a))
        }
      }
      expect(sizes.size).toBeGreaterThan(2)
    }))

  it('marks one in a hundred texts like the calibration rows, and finds mixed ones strange', () =>
    using(name, async (predictor) => {
      const found = (await answersTo(predictor, others, {})).map(({ novelty }) => defined(novelty))
      expect(found.filter(({ novel }) => novel).length / found.length).toBeLessThan(0.03)
      for (const level of [0.1, 0.3, 0.6]) {
        const share = found.filter(({ pValue }) => pValue <= level).length / found.length
        expect(Math.abs(share - level)).toBeLessThan(0.05)
      }
      // Something of every group, and of none in particular.
      for (const text of ['논 대리 마트 과일 정비', '벼 경매 슈퍼 생선 오일', '쌀 수출 잡화 반찬 타이어'])
        expect(coded(await predictor.predict(text)).novelty?.pValue).toBeLessThan(0.3)
    }))
})

it('has the answer in the set of a level where another code is more probable', () =>
  using('naive-bayes', async ({ info }) => {
    expect(info.classes).toEqual(['011', '461', '471', '472', '952'])
    // The most probable group is in section A, and section G has more together.
    const probabilities = [0.4, 0.2, 0.19, 0.19, 0.02]
    const answer = { section: { code: 'A' }, division: { code: '01' }, group: { code: '011' } }
    const sections = (exactCoverage: boolean) =>
      codeSets(info)(probabilities, answer, { coverage: 0.5, exactCoverage }).section
    expect(sections(true)).toEqual([])
    expect(sections(false)).toEqual([
      { code: 'G', name: '도매 및 소매업', confidence: expect.closeTo(0.58) },
      { code: 'A', name: '농업, 임업 및 어업', confidence: 0.4 },
    ])
  }))

it('promises each class its coverage, where all rows together neglect the rare ones', () =>
  using('naive-bayes', async (predictor) => {
    const { info } = predictor
    const guarantees = await guarantee(predictor, shopAnswers(4000, 4), 'many rows')
    const setsOf = codeSets({ ...info, calibration: { ...defined(info.calibration), guarantees } })
    const answers = await answersTo(predictor, others, { topK: info.classes.length })
    const worst = (classConditional: boolean): number => {
      const covered = answers.map(({ codes, top }, i) => {
        const probabilities = info.classes.map((c) => defined(top.find(({ code }) => code === c)).confidence)
        const { group = [] } = setsOf(probabilities, codes, { coverage: 0.9, classConditional })
        return group.some(({ code }) => code === others[i]?.labels.group)
      })
      return Math.min(
        ...info.classes.map((group) => {
          const own = covered.filter((_, i) => others[i]?.labels.group === group)
          return own.filter(Boolean).length / own.length
        }),
      )
    }
    expect(worst(false)).toBeLessThan(0.82)
    expect(worst(true)).toBeGreaterThan(0.85)
  }))

it('guarantees an accuracy: at most 6 of 100 draws of calibration rows break it, where estimates are often too low', () =>
  using('naive-bayes', async (predictor) => {
    const { info } = predictor
    const answers = await answersTo(predictor, others, {})
    // The population is the other rows; draws with replacement are independent, as the guarantee supposes.
    const breaks = (threshold: number | undefined): boolean => {
      if (threshold === undefined) return false
      const right = answers.flatMap(({ confidence, codes }, i) =>
        confidence >= threshold ? [codes.group?.code === others[i]?.labels.group] : [],
      )
      return right.filter(Boolean).length < 0.85 * right.length
    }
    const random = createRandom('draws')
    let [broken, estimatesBroken, without] = [0, 0, 0]
    for (let draw = 0; draw < 100; draw++) {
      const drawn = Array.from({ length: 500 }, () => random.pick(others))
      const guarantees = await guarantee(predictor, drawn, 'drawn rows')
      const drawnInfo = { ...info, calibration: { ...defined(info.calibration), guarantees } }
      if (breaks(thresholdFor(guarantees.curve, 'group', 0.85))) estimatesBroken += 1
      try {
        if (breaks(reviewThreshold(drawnInfo, { targetAccuracy: 0.85 }))) broken += 1
      } catch (error) {
        expect(error).toMatchObject({ code: 'predictor/no-threshold' })
        without += 1
      }
    }
    expect(broken).toBeLessThanOrEqual(6)
    expect(estimatesBroken).toBeGreaterThan(15)
    expect(without).toBeLessThan(20)
  }))

it('reviews what the guarantee needs, and says why there is none', () =>
  using('naive-bayes', async (predictor) => {
    const threshold = reviewThreshold(predictor.info, { targetAccuracy: 0.85 })
    expect(threshold).toBeGreaterThan(0.5)
    const given = await answersTo(predictor, others, { targetAccuracy: 0.85 })
    expect(given).toEqual(await answersTo(predictor, others, { reviewBelow: threshold }))
    expect(new Set(given.map(({ status }) => status))).toEqual(new Set(['coded', 'review']))
    // More confidence takes more.
    const surer = reviewThreshold(predictor.info, { targetAccuracy: 0.85, confidence: 0.999 })
    expect(surer).toBeGreaterThan(threshold)
    await expect(predictor.predict('쌀', { targetAccuracy: 0.9999 })).rejects.toMatchObject({
      code: 'predictor/no-threshold',
      message: expect.stringMatching(
        /takes 29956 calibration rows without an error; there are \d+\. Calibrate/,
      ),
    })
  }))

it('needs a calibrated model, and options that belong together', async () => {
  await using('linear-svc', async (predictor) => {
    // Smoothed, naive Bayes is not sure of everything.
    for (const options of [{ coverage: 0.9 }, { targetAccuracy: 0.9 }]) {
      await expect(predictor.predict('쌀', options)).rejects.toMatchObject({
        code: 'predictor/no-guarantees',
        message: expect.stringContaining('kic calibrate'),
      })
    }
    expect(coded(await predictor.predict('쌀')).novelty).toBeUndefined()
  })
  await using('naive-bayes', async (predictor) => {
    for (const [options, code] of [
      [{ classConditional: true }, 'predictor/option'],
      [{ exactCoverage: true }, 'predictor/option'],
      [{ confidence: 0.9 }, 'predictor/option'],
      [{ targetAccuracy: 0.9, reviewBelow: 0.5 }, 'predictor/option'],
      [{ coverage: 1.5 }, 'scores/coverage'],
      [{ targetAccuracy: 1 }, 'scores/accuracy'],
    ] as const)
      await expect(predictor.predict('쌀', options)).rejects.toMatchObject({ code })
  })
})

it('answers alike anywhere, one by one, together and in a stream', () =>
  using('naive-bayes', async (predictor) => {
    const texts = others.slice(0, 40).map(({ text }) => text)
    const options = { coverage: 0.9, classConditional: true }
    const together = await predictor.predict(texts, options)
    const anywhere = await loadAnywhere(filesIn(at('naive-bayes')))
    expect(await anywhere.predict(texts, options)).toEqual(together)
    await anywhere.dispose()
    const streamed: Prediction[] = []
    for await (const answer of predictor.stream(texts, { ...options, window: 7 })) streamed.push(answer)
    expect(streamed).toEqual(together)
    expect(await predictor.predict(defined(texts[0]), options)).toEqual(together[0])
  }))

describe('calibration rows', () => {
  it('are divided at random, each on one side, and alike for all who ask', () => {
    const { choosing, guaranteeing } = calibrationHalves(rows, 'group')
    expect(new Set([...choosing, ...guaranteeing])).toEqual(new Set(rows))
    expect(choosing.length + guaranteeing.length).toBe(rows.length)
    expect(Math.abs(choosing.length - rows.length / 2)).toBeLessThan(60)
    expect(calibrationHalves(structuredClone(rows), 'group')).toEqual({ choosing, guaranteeing })
    // Halves of other rows are independent, and those of equal texts too, or they would not be independent draws.
    const some = rows.slice(0, 700)
    const other = calibrationHalves(some, 'group')
    const moved = some.filter((row) => guaranteeing.includes(row) !== other.guaranteeing.includes(row))
    expect(moved.length).toBeGreaterThan(200)
    const equal = rows.map((row) => ({ ...row, text: '쌀' }))
    expect(calibrationHalves(equal, 'group').choosing.length).toBeGreaterThan(500)
    expect(calibrationHalves(equal, 'group').choosing.length).toBeLessThan(700)
  })

  it('guarantee nothing if they are too few, or have no labels at the level', () => {
    const few = rows.slice(0, 150)
    expect(calibrationHalves(few, 'group')).toEqual({ choosing: few, guaranteeing: [] })
    expect(calibrationHalves(rows, 'other').guaranteeing).toEqual([])
  })

  it('do not fit the temperature and guarantee at once', () =>
    using('linear-svc', async (predictor) => {
      const { guaranteeing } = calibrationHalves(rows, 'group')
      const whole = await calibrate(predictor, rows, 'rows')
      const changed = rows.map((row) =>
        guaranteeing.includes(row) ? { ...row, labels: { group: '011' } } : row,
      )
      const other = await calibrate(predictor, changed, 'rows')
      expect(other.temperature).toBe(whole.temperature)
      expect(whole.guarantees?.curve.rows).toBe(guaranteeing.length)
      expect(other.guarantees?.sets).not.toEqual(whole.guarantees?.sets)
    }))
})

describe('guarantees in a file', () => {
  type Json = { [key: string]: Json } & Json[] & (number | string)
  const change = async (edit: (calibration: Json) => void) => {
    const path = join(at('naive-bayes'), 'kic.json')
    const before = await readFile(path, 'utf8')
    const json: Json = JSON.parse(before)
    edit(defined(defined(json.calibration).guarantees))
    await writeFile(path, JSON.stringify(json))
    try {
      const predictor = await loadPredictor(at('naive-bayes'))
      await predictor.dispose()
      return undefined
    } catch (error) {
      return error
    } finally {
      await writeFile(path, before)
    }
  }

  it('are small', async () => {
    const notes = JSON.parse(await readFile(join(at('naive-bayes'), 'kic.json'), 'utf8'))
    expect(JSON.stringify(notes.calibration.guarantees).length).toBeLessThan(32 * 1024)
    expect(await change(() => undefined)).toBeUndefined()
  })

  it.each<[string, (g: Json) => void]>([
    ['a level less', (g) => delete g.sets?.group],
    ['the classes of another model', (g) => Object.assign(g.sets ?? {}, { group: g.sets?.section })],
    ['coverages that do not ascend', (g) => g.sets?.group?.coverages?.reverse()],
    ['a coverage above 1', (g) => g.sets?.group?.coverages?.splice(-1, 1, 2 as Json)],
    ['a threshold less', (g) => g.sets?.group?.marginal?.thresholds?.pop()],
    ['thresholds that ascend', (g) => g.sets?.division?.marginal?.thresholds?.reverse()],
    ['a class less', (g) => g.sets?.group?.classConditional?.byClass?.pop()],
    ['a threshold that is no number', (g) => g.sets?.group?.marginal?.thresholds?.splice(0, 1, 'x' as Json)],
    ['ranks beyond the rows', (g) => g.novelty?.ranks?.push(1e9 as Json)],
    ['scores that do not ascend', (g) => g.novelty?.scores?.reverse()],
    ['more right answers than rows', (g) => Object.assign(g.curve ?? {}, { rows: 1 })],
    ['too many coverages', (g) => g.sets?.group?.coverages?.push(...(Array(2000).fill(1) as Json))],
  ])('are refused with %s', async (_, edit) => {
    expect(await change(edit)).toMatchObject({
      code: 'predictor/notes',
      message: expect.stringMatching(/received .*kic calibrate`\.$/),
    })
  })
})
