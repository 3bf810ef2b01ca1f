import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification } from '@kic/classification'
import { seenInTraining } from '@kic/predictor/node'
import { softmaxRows } from '@kic/scores'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { loadClassifier } from '../load-classifier.ts'
import { evaluateClassifier } from '../report/evaluate-classifier.ts'
import { type TrainedFolder, trainClassifier } from './train-classifier.ts'

let folder: string
let trained: TrainedFolder
const rows = newsRows(240, 1)
const model = () => join(folder, 'news')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-classifier-'))
  trained = await trainClassifier(rows, { ...newsTraining, output: model() })
})
afterAll(() => rm(folder, { recursive: true }))

const weights = (of: string) => readFile(join(of, 'model.safetensors'))

/** Mean cross-entropy of a saved model on rows, in nats. */
const lossOf = async (of: string, judged: typeof rows): Promise<number> => {
  const classifier = await loadClassifier(of)
  const { logits, classes } = await classifier.scores(judged.map(({ text }) => text))
  const probabilities = softmaxRows(logits, classes)
  const names = classifier.info.classes
  await classifier.dispose()
  const ofRow = ({ label }: { label: string }, row: number) =>
    -Math.log(probabilities[row * classes + names.indexOf(label)] ?? 0)
  return judged.reduce((sum, row, i) => sum + ofRow(row, i), 0) / judged.length
}

describe('trainClassifier', () => {
  it('learns topics and leaves a folder that answers', async () => {
    expect((await readdir(folder)).sort()).toEqual(['news'])
    expect((await readdir(model())).sort()).toEqual([
      'README.md',
      'baseline',
      'config.json',
      'kic.json',
      'model.safetensors',
      'onnx',
      'preparation.json',
      'report.json',
      'run.json',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'training-texts.json',
      'vocab.txt',
    ])
    const classifier = await loadClassifier(model())
    const answers = await classifier.predict(['the striker said a goal', 'new vote in the senate'])
    expect(answers.map((answer) => answer.status === 'coded' && answer.codes.label?.code)).toEqual([
      'sport',
      'politics',
    ])
    expect(classifier.info.calibration?.on).toBe('24 held-out rows')
    await classifier.dispose()
  })

  it('reports how well it does, by level and class, and how training went', async () => {
    const { report } = trained
    expect(JSON.parse(await readFile(join(model(), 'report.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(report)),
    )
    expect(report).toMatchObject({ model: model(), rows: 24, unusable: 0 })
    expect(report.levels.label?.accuracy).toBeGreaterThan(0.8)
    expect(report.classes.map(({ label, support }) => [label, support])).toEqual([
      ['politics', 8],
      ['science', 8],
      ['sport', 8],
    ])
    expect(report.training).toMatchObject({
      rows: 216,
      classes: 3,
      level: 'label',
      epochs: 8,
      steps: 112,
      stopped: 'finished',
      learningRate: 0.01,
    })
    expect(report.training.curve).toHaveLength(8)
    expect(report.baseline).toMatchObject({ folder: 'baseline', scores: { rows: 24, accuracy: 1 } })
    const others = await evaluateClassifier(model(), newsRows(60, 9))
    expect(others.rows).toBe(60)
    expect(others.levels.label?.accuracy).toBeGreaterThan(0.8)
    expect(others.confusions.reduce((sum, confusion) => sum + confusion.rows, 0)).toBe(
      Math.round(60 * (1 - (others.levels.label?.accuracy ?? 0))),
    )
  })

  it('saves the baseline as a model, calibrated on the same rows', async () => {
    const baseline = await loadClassifier(join(model(), 'baseline'))
    const { models, calibration, classes } = baseline.info
    expect([models[0]?.kind, calibration?.on, classes]).toEqual([
      'ngram',
      '24 held-out rows',
      ['politics', 'science', 'sport'],
    ])
    const answer = await baseline.predict('the striker said a goal')
    expect(answer.status === 'coded' && answer.codes.label?.code).toBe('sport')
    await baseline.dispose()
  })

  it('keeps training texts only if asked to, and none of an earlier model', async () => {
    const output = join(folder, 'kept')
    const short = { ...newsTraining, output, epochs: 1 }
    const [text = ''] = rows.map((row) => row.text)
    const examplesOf = async () => {
      const classifier = await loadClassifier(output)
      const found = await classifier.explain(text).finally(() => classifier.dispose())
      return found.status === 'explained' ? found.examples : undefined
    }
    await trainClassifier(rows, {
      ...short,
      validationRows: newsRows(20, 7),
      export: ['float32'],
      keepExamples: true,
    })
    expect(await examplesOf()).toMatchObject([{ text, code: rows[0]?.label }, {}, {}])
    expect(await readFile(join(output, 'README.md'), 'utf8')).toContain('keeps 240 coded texts')
    expect(await seenInTraining(output, [text, 'unseen'])).toEqual({ share: 0.5, judged: 2 })
    await trainClassifier(rows, { ...short, export: ['float32'], baseline: false, textHashes: false })
    expect(await seenInTraining(output, [text])).toBeUndefined()
    expect(await examplesOf()).toBeUndefined()
    expect(await readdir(output)).not.toContain('baseline')
    expect(await readFile(join(output, 'README.md'), 'utf8')).not.toContain('Kept texts')
  })

  it('repeats itself bit for bit, and is another one with another seed', async () => {
    const again = join(folder, 'again')
    await trainClassifier(rows, { ...newsTraining, output: again })
    expect((await weights(again)).equals(await weights(model()))).toBe(true)
    const record = async (of: string) => JSON.parse(await readFile(join(of, 'run.json'), 'utf8'))
    const [first, second] = [await record(model()), await record(again)]
    expect(second.data).toEqual(first.data)
    expect(second.result.parameters).toBe(first.result.parameters)
    await trainClassifier(rows, { ...newsTraining, output: again, seed: 2, export: ['float32'] })
    expect((await weights(again)).equals(await weights(model()))).toBe(false)
    expect(await readdir(join(again, 'onnx'))).toEqual(['model.onnx'])
  })

  it('stops early, and keeps the best parameters', async () => {
    const [output, validationRows] = [join(folder, 'early'), newsRows(60, 3)]
    const { report } = await trainClassifier(rows, {
      ...newsTraining,
      output,
      validationRows,
      epochs: 60,
      evaluate: { earlyStopping: { patience: 3 } },
      export: ['float32'],
    })
    const { curve, stopped, epochs } = report.training
    expect([stopped, epochs < 60]).toEqual(['early-stopping', true])
    const accuracies = curve.map(({ metrics }) => metrics.accuracy ?? Number.NaN)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(best).toBe(accuracies.length - 4)
    const loss = await lossOf(output, validationRows)
    expect(loss).toBeCloseTo(curve[best]?.metrics.loss ?? Number.NaN, 3)
    expect(loss).not.toBeCloseTo(curve.at(-1)?.metrics.loss ?? Number.NaN, 3)
  })

  it.each(['standard', 'mean'])('saves the head %s, which answers as it did in training', async (head) => {
    const output = join(folder, `head-${head}`)
    const validationRows = newsRows(60, 3)
    const { report } = await trainClassifier(rows, {
      ...newsTraining,
      output,
      head,
      validationRows,
      epochs: 2,
      export: ['float32'],
    })
    expect(await lossOf(output, validationRows)).toBeCloseTo(
      report.training.curve.at(-1)?.metrics.loss ?? Number.NaN,
      4,
    )
    const config = JSON.parse(await readFile(join(output, 'config.json'), 'utf8'))
    expect(config.kic?.head ?? config.architectures[0]).toBe(
      head === 'mean' ? 'mean' : 'RobertaForSequenceClassification',
    )
  })

  it('weighs classes by name, or so that all count alike', async () => {
    const few = rows.filter(({ label }, i) => label !== 'sport' || i % 5 === 0)
    const recallOf = async (classWeights: 'balanced' | Record<string, number> | undefined) => {
      const { report } = await trainClassifier(few, {
        ...newsTraining,
        output: join(folder, 'weighted'),
        validationRows: newsRows(90, 7),
        epochs: 2,
        classWeights,
        export: ['float32'],
      })
      return report.classes.find(({ label }) => label === 'sport')?.recall ?? 0
    }
    const plain = await recallOf(undefined)
    expect(await recallOf('balanced')).toBeGreaterThan(plain)
    expect(await recallOf({ sport: 50 })).toBeGreaterThan(plain)
    expect(await recallOf({ sport: 0 })).toBe(0)
    await expect(recallOf({ sports: 2 })).rejects.toMatchObject({ code: 'classifier/class-weights' })
    await rm(join(folder, 'weighted.training'), { recursive: true })
  })

  it('draws rows in proportion to their weights', async () => {
    const weighted = rows.map((row) => ({ ...row, weight: row.label === 'sport' ? 1 : 0 }))
    const { report } = await trainClassifier(weighted, {
      ...newsTraining,
      output: join(folder, 'drawn'),
      export: ['float32'],
    })
    expect(report.classes.map(({ recall }) => recall)).toEqual([0, 0, 1])
  })

  it('trains a saved classifier further, with its head', async () => {
    const output = join(folder, 'more')
    const more = { ...newsTraining, output, from: model(), epochs: 1, export: ['float32' as const] }
    const { report } = await trainClassifier(newsRows(60, 5), { ...more, learningRate: 1e-6 })
    expect(report.levels.label?.accuracy).toBeGreaterThan(0.8)
    const fresh = await trainClassifier(newsRows(60, 5), {
      ...more,
      learningRate: 1e-6,
      freshHead: true,
      seed: 2,
    })
    expect(fresh.report.levels.label?.accuracy).toBeLessThan(0.8)
    // Classes without rows stay.
    const two = newsRows(90, 5).filter(({ label }) => label !== 'science')
    await trainClassifier(two, { ...more, learningRate: 1e-6 })
    const classifier = await loadClassifier(output)
    expect(classifier.info.classes).toEqual(['politics', 'science', 'sport'])
    expect(await classifier.predict('a protein and the telescope')).toMatchObject({
      codes: { label: { code: 'science' } },
    })
    await classifier.dispose()
  })

  it('learns a level of a classification, and answers with the levels above', async () => {
    const classification = createClassification('news', [
      {
        name: 'desk',
        nodes: [
          { code: 'A', name: 'arts' },
          { code: 'H', name: 'hard news' },
        ]
          .slice(1)
          .concat({ code: 'G', name: 'games' }),
      },
      {
        name: 'topic',
        nodes: [
          { code: 'sport', parent: 'G', name: 'Sport' },
          { code: 'politics', parent: 'H', name: 'Politics' },
          { code: 'science', parent: 'H', name: 'Science' },
        ],
      },
    ])
    const output = join(folder, 'desks')
    const { report } = await trainClassifier(rows, {
      ...newsTraining,
      output,
      classification,
      loss: 'hierarchical',
    })
    expect(Object.keys(report.levels)).toEqual(['desk', 'topic'])
    const classifier = await loadClassifier(output)
    const answer = await classifier.predict('the keeper and a penalty')
    expect(answer).toMatchObject({ codes: { desk: { code: 'G' }, topic: { code: 'sport', name: 'Sport' } } })
    await classifier.dispose()
    const { report: coarse } = await trainClassifier(
      rows.map(({ text, label }) => ({ text, labels: { desk: label === 'sport' ? 'G' : 'H' } })),
      { ...newsTraining, output, classification, level: 'desk' },
    )
    expect(coarse.training).toMatchObject({ classes: 2, level: 'desk' })
  })
})

describe('trainClassifier refuses', () => {
  const refused = (given: Parameters<typeof trainClassifier>[0], more: object = {}) =>
    trainClassifier(given, { ...newsTraining, output: join(folder, 'refused'), ...more })

  it.each([
    ['no rows', [], {}, 'classifier/rows', 'received none'],
    ['a row without a label', [...rows, { text: 'x', label: '' }], {}, 'classifier/rows', 'in row 241'],
    [
      'one class',
      rows.filter(({ label }) => label === 'sport'),
      {},
      'classifier/one-class',
      "one label, 'sport'",
    ],
    [
      'few rows',
      rows.slice(0, 3),
      {},
      'classifier/few-rows',
      'received 3 rows of 3 classes with 3 different texts',
    ],
    [
      'one text with many labels',
      rows.map(({ label }) => ({ text: 'goal', label })),
      {},
      'classifier/few-rows',
      'received 240 rows of 3 classes with 1 different texts',
    ],
    [
      'a share that leaves no row to train on',
      rows.slice(0, 30),
      { validation: 0.99 },
      'classifier/few-rows',
      '0.99',
    ],
    ['validation rows that are none', rows, { validationRows: [] }, 'classifier/few-rows', 'received 0 rows'],
    [
      'blank validation rows',
      rows,
      { validationRows: [{ text: ' \u200b', label: 'sport' }] },
      'classifier/few-rows',
      'received 1 rows',
    ],
    [
      'blank texts',
      rows.map(({ label }) => ({ text: ' ', label })),
      {},
      'classifier/rows',
      'received 240 rows with blank ones',
    ],
    ['an unknown key', rows, { learnRate: 1 }, 'trainer/config', 'learnRate'],
    [
      'a metric that there is not',
      rows,
      { evaluate: { best: { metric: 'f1', mode: 'max' } } },
      'trainer/config',
      'evaluate.best.metric: the metric must be one of loss, accuracy, macroF1, weightedF1',
    ],
    [
      'a rate at which the last step diverges',
      rows,
      { learningRate: 1e38, maxSteps: 1, schedule: { kind: 'constant' } },
      'classifier/diverged',
      'Lower the learning rate',
    ],
    [
      'frozen parameters that there are not',
      rows,
      { frozen: ['layers.0'] },
      'classifier/frozen',
      "'layers.0'",
    ],
    [
      'a pattern that is none',
      rows,
      { frozen: ['/(/'] },
      'trainer/config',
      'frozen.0: the pattern between slashes',
    ],
    ['a level that there is not', rows, { level: 'group' }, 'classifier/level', 'received group'],
    ['a head that there is not', rows, { head: 'neck' }, 'roberta/no-head', 'neck'],
    [
      'the hierarchical loss without levels',
      rows,
      { loss: 'hierarchical' },
      'classifier/loss',
      'received none',
    ],
  ])('%s', async (_, given, more, code, message) => {
    await expect(refused(given, more)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
    await rm(join(folder, 'refused.training'), { recursive: true, force: true })
    expect(await readdir(folder)).not.toContain('refused')
  })

  it('an output that cannot be written, before anything is trained', async () => {
    const [file, card] = [join(model(), 'README.md'), await readFile(join(model(), 'README.md'))]
    for (const output of [join(file, 'x'), file, '', '.', process.cwd(), undefined])
      await expect(refused(rows, { output, engine: 'none' })).rejects.toMatchObject({
        code: 'core/output',
      })
    expect(await readFile(file)).toEqual(card)
  })
})
