import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { KicError } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import type { CardFacts, LabelledText, Precision } from '@kic/predictor'
import { filesIn, type PackEnsembleOptions, packEnsemble, readModelFolder } from '@kic/predictor/node'
import { knownNotes, languageOf } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'
import { measureBudgets } from './measure-budgets.ts'

export interface CreateEnsembleOptions {
  readonly scheme: 'path' | 'published'
  readonly precision?: Precision | undefined
  readonly licence?: string | undefined
  /** Rows outside the models' training, to calibrate the vote and to choose and measure budgets. */
  readonly rows?: { readonly rows: readonly LabelledText[]; readonly name: string } | undefined
  /** Called with a stage's name and the number of computed rows. */
  readonly progress: (stage: string, computed: number) => void
  /** Receives reasons not to trust the calibration of the vote, in sentences. */
  readonly warn: (doubt: string) => void
  /** Aborts with the signal's reason; nothing is written. */
  readonly signal: AbortSignal
}

/**
 * Packs saved models into the folder of an ensemble. With rows, its vote is calibrated on them, and the budgets `fast` and
 * `best` are chosen and measured.
 *
 * @throws KicError as `packEnsemble` and `calibrate`; the signal's reason
 */
export const createEnsemble = async (
  output: string,
  models: readonly string[],
  { scheme, precision, licence, rows, ...watching }: CreateEnsembleOptions,
): Promise<Ensemble> => {
  const card: CardFacts = {
    licence,
    language: await commonLanguage(models),
    ...(rows !== undefined && { data: `Calibrated on ${rows.name}.` }),
  }
  const options: PackEnsembleOptions = {
    members: memberNames(models).map((name, i) => ({ name, folder: models[i] ?? '' })),
    scheme,
    precision,
    known: knownNotes,
    card,
  }
  watching.signal.throwIfAborted()
  if (rows === undefined) return packEnsemble(output, options)
  const folder = await mkdtemp(join(dirname(resolve(output)), '.kic-ensemble-'))
  // A second interrupt exits at once.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  try {
    const { members, ...budgets } = await measureBudgets(folder, options, rows, watching)
    watching.signal.throwIfAborted()
    return await packEnsemble(output, { ...options, members, budgets, calibration: budgets.best.calibration })
  } finally {
    await rm(folder, { recursive: true, force: true })
    process.off('exit', removeNow)
  }
}

/** The language of all models, if it is one. */
const commonLanguage = async (models: readonly string[]): Promise<string | undefined> => {
  const folders = await Promise.all(
    models.map((model) => readModelFolder(filesIn(model), { known: knownNotes })),
  )
  const languages = new Set(folders.map(({ notes }) => languageOf(notes.script)))
  const [language] = languages
  return languages.size === 1 ? language : undefined
}

/**
 * Names of members after their folders; `name-2` for the second folder of a name.
 *
 * @throws KicError `cli/no-model` for a folder without a name that can be a member's
 */
const memberNames = (models: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>()
  return models.map((model) => {
    const name = basename(resolve(model))
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[._-]+/, '')
    if (name === '') {
      throw new KicError<CliErrorCode>(
        'cli/no-model',
        `kic ensemble: the folder of a model must have a name of letters or digits, received ${model}. Rename the folder.`,
      )
    }
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}
