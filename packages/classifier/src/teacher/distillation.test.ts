import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification } from '@kic/classification'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { crossValidate } from '../folds/cross-validate.ts'
import { loadClassifier } from '../load-classifier.ts'
import { search } from '../search/search.ts'
import { trainClassifier } from '../train/train-classifier.ts'
import type { TrainClassifierOptions } from '../train/train-options.ts'

/** The teacher has learned other names of the topics, so that nobody else can tell them. */
const RENAMED: Readonly<Record<string, string>> = {
  sport: 'politics',
  politics: 'science',
  science: 'sport',
}
const rows = newsRows(240, 1)
const renamed = rows.map(({ text, label }) => ({ text, label: RENAMED[label] ?? '' }))
const unlabelledRows = newsRows(240, 5).map(({ text }) => ({ text }))
const validationRows = newsRows(60, 3)
const judged = newsRows(90, 9)

// Several trainings a test.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
const at = (name: string) => join(folder, name)
const short = {
  ...newsTraining,
  export: ['float32'],
  baseline: false,
} satisfies Partial<TrainClassifierOptions>
let taught: Omit<TrainClassifierOptions, 'output'>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-distillation-'))
  await trainClassifier(renamed, { ...newsTraining, output: at('teacher') })
  taught = { ...short, teacher: at('teacher'), validationRows }
})
afterAll(() => rm(folder, { recursive: true }))

/** Shares of answers that are the teacher's and that are true. */
const sharesOf = async (name: string) => {
  const codesOf = async (model: string) => {
    const classifier = await loadClassifier(at(model))
    const answers = await classifier.predict(judged.map(({ text }) => text))
    await classifier.dispose()
    return answers.map((answer) => (answer.status === 'coded' ? answer.codes.label?.code : undefined))
  }
  const [student, teacher] = [await codesOf(name), await codesOf('teacher')]
  const share = (wanted: readonly (string | undefined)[]) =>
    student.filter((code, i) => code === wanted[i]).length / judged.length
  return { teacher: share(teacher), truth: share(judged.map(({ label }) => label)) }
}

describe('a student', () => {
  it.each(['cross-entropy', 'r-drop'] as const)('learns from texts without labels: %s', async (loss) => {
    const { report } = await trainClassifier([], { ...taught, loss, unlabelledRows, output: at('student') })
    const { teacher, truth } = await sharesOf('student')
    expect(teacher).toBeGreaterThan(0.85)
    expect(truth).toBeLessThan(0.15)
    expect(report.levels.label?.accuracy).toBeLessThan(0.15)
    expect(report.training).toMatchObject({ rows: 0, classes: 3, steps: 120 })
    expect(await readFile(join(at('student'), 'README.md'), 'utf8')).toContain(
      '0 rows of 3 classes, with the probabilities of teacher, also for 240 texts without labels',
    )
  })

  it('does not answer like its teacher before it has learned', async () => {
    await trainClassifier([], { ...taught, unlabelledRows, maxSteps: 1, output: at('before') })
    expect((await sharesOf('before')).teacher).toBeLessThan(0.6)
  })

  it('learns from labels and teacher, by the weight of the teacher', async () => {
    for (const [teacherWeight, follows] of [
      [0.05, 'truth'],
      [0.95, 'teacher'],
    ] as const) {
      const output = at(`weight-${teacherWeight}`)
      await trainClassifier(rows, { ...taught, teacherWeight, temperature: 1, unlabelledRows: [], output })
      expect((await sharesOf(`weight-${teacherWeight}`))[follows]).toBeGreaterThan(0.85)
    }
  })

  it('reads characters, and starts from a saved classifier', async () => {
    const encoder = { reading: 'characters', hidden: 16, maxLength: 64, initializerRange: 0.2 } as const
    const sizes = { ...encoder, ngramBuckets: 4093 }
    const characters = { ...taught, encoder: sizes, epochs: 4, unlabelledRows }
    await trainClassifier([], { ...characters, output: at('characters') })
    expect((await sharesOf('characters')).teacher).toBeGreaterThan(0.85)
    await trainClassifier(rows, { ...short, output: at('true') })
    await trainClassifier([], { ...taught, from: at('true'), unlabelledRows, output: at('converted') })
    expect((await sharesOf('converted')).teacher).toBeGreaterThan(0.85)
  })

  it('learns from an n-gram model', async () => {
    const teacher = join(at('teacher'), 'baseline')
    await trainClassifier([], { ...taught, teacher, unlabelledRows, output: at('of-ngrams') })
    expect((await sharesOf('of-ngrams')).teacher).toBeGreaterThan(0.85)
  })

  it('is searched for and cross-validated with its teacher', async () => {
    const { validationRows: _, ...options } = { ...taught, unlabelledRows, epochs: 4, teacherWeight: 0.95 }
    const { report } = await crossValidate(rows, { ...options, temperature: 1, folds: 2 })
    expect(report.all.levels.label?.accuracy).toBeLessThan(0.3)
    const { best } = await search([], {
      ...taught,
      unlabelledRows,
      epochs: 4,
      space: { temperature: [1, 4], teacherWeight: [1] },
      trials: 2,
      strategy: 'random',
      metric: { metric: 'accuracy', mode: 'min' },
    })
    expect(best.scores.at(-1)?.score).toBeLessThan(0.3)
  })
})

describe('an interrupted training', () => {
  it('resumes with the stored answers and ends with the same bits, unless the teacher has changed', async () => {
    const [output, undisturbed] = [at('interrupted'), at('undisturbed')]
    const options = { ...taught, unlabelledRows, epochs: 3 }
    const controller = new AbortController()
    const onStep = ({ step }: { step: number }) =>
      step === 35 ? controller.abort(new Error('enough')) : undefined
    const first = { ...options, output, signal: controller.signal, callbacks: [{ onStep }] }
    await expect(trainClassifier(rows, first)).rejects.toThrow('enough')
    expect(await readdir(join(`${output}.training`, 'teacher'))).toEqual(['0.safetensors'])
    const other = trainClassifier(rows, { ...options, output, teacher: join(at('teacher'), 'baseline') })
    await expect(other).rejects.toMatchObject({ code: 'classifier/other-training' })
    const texts = trainClassifier(rows, { ...options, output, unlabelledRows: unlabelledRows.slice(1) })
    await expect(texts).rejects.toMatchObject({
      code: 'classifier/other-training',
      message: expect.stringContaining('other rows (540, now 539)'),
    })
    const started: number[] = []
    const onStart = ({ step }: { step: number }) => void started.push(step)
    const resumed = await trainClassifier(rows, { ...options, output, callbacks: [{ onStart }] })
    expect(started).toEqual([35])
    const whole = await trainClassifier(rows, { ...options, output: undisturbed })
    expect(resumed.parameters).toBe(whole.parameters)
  })

  it('is refused where the teacher at the same place is another one', async () => {
    const [output, teacher] = [at('continued'), at('changing')]
    const options = { ...taught, teacher, output, epochs: 1, files: () => Promise.reject(new Error('full')) }
    await trainClassifier(renamed, { ...short, epochs: 1, output: teacher })
    await expect(trainClassifier(rows, options)).rejects.toThrow('full')
    await trainClassifier(renamed, { ...short, epochs: 1, seed: 2, output: teacher })
    await expect(trainClassifier(rows, options)).rejects.toMatchObject({
      code: 'classifier/other-training',
      message: expect.stringContaining(`other files in the teacher ("${teacher}")`),
    })
  })
})

describe('what does not fit', () => {
  const refused = async (given: typeof rows, options: object, code: string, message: string) =>
    expect(trainClassifier(given, { ...taught, ...options, output: at('none') })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })

  it('is refused: a class that one of both lacks', async () => {
    const weather = [...rows, { text: 'rain', label: 'weather' }]
    await refused(weather, {}, 'classifier/teacher', "lacks the label 'weather'")
    const nodes = ['sport', 'politics'].map((code) => ({ code, name: code }))
    const classification = createClassification('desks', [{ name: 'desk', nodes }])
    const desks = rows.filter(({ label }) => label !== 'science')
    const options = { classification, validationRows: desks }
    await refused(desks, options, 'classifier/teacher', "whose label 'science' is none")
  })

  it('is refused: texts without labels and nothing else', async () => {
    const alone = { unlabelledRows, validationRows }
    await refused(rows, { ...alone, teacher: undefined }, 'classifier/teacher', 'received 240 texts and none')
    for (const balancing of [{ classBalance: 0.5 }, { classWeights: 'balanced' }])
      await refused(rows, { ...alone, ...balancing }, 'classifier/teacher', 'balancing classes takes labels')
    await refused([], { validationRows: undefined, unlabelledRows }, 'classifier/rows', 'there must be rows')
    await refused([], { validationRows }, 'classifier/rows', 'received 0 rows')
    await refused(rows, { unlabelledRows: [{ text: 7 }] }, 'classifier/rows', 'a text, received 7 in row 1')
  })

  it('is refused: a missing teacher, and how to learn from none', async () => {
    await refused(rows, { teacher: at('nobody') }, 'predictor/config', 'nobody')
    await refused(rows, { teacher: undefined, temperature: 2 }, 'trainer/config', 'need a teacher')
    await refused(rows, { teacherWeight: 1.5 }, 'trainer/config', 'teacherWeight')
  })
})
