import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Ensemble } from '@kic/ensemble'
import type { CardFacts, LabelledText, Precision } from '@kic/predictor'
import { type ModelFolder, type PackEnsembleOptions, packEnsemble } from '@kic/predictor/node'
import { knownNotes, languageOf } from '../default-classification.ts'
import { measureBudgets } from './measure-budgets.ts'
import type { NamedModel } from './named-models.ts'
import { rawVotes } from './raw-votes.ts'

export interface CreateEnsembleOptions {
  readonly scheme: 'path' | 'published'
  readonly precision?: Precision | undefined
  readonly licence?: string | undefined
  /** Rows outside the models' training, to calibrate the vote and to choose and measure budgets. */
  readonly rows?: { readonly rows: readonly LabelledText[]; readonly name: string } | undefined
  /** Called with a stage's name and the number of computed rows. */
  readonly progress: (stage: string, computed: number) => void
  /** Receives reasons not to trust the votes or their calibration, in sentences. */
  readonly warn: (sentence: string) => void
  /** Aborts with the signal's reason; nothing is written. */
  readonly signal: AbortSignal
}

/** A member to be, whose folder was read. */
export interface ReadModel extends NamedModel {
  readonly model: ModelFolder
}

/**
 * Packs saved models into the folder of an ensemble. With rows, its vote is calibrated on them, and the budgets `fast` and
 * `best` are chosen and measured.
 *
 * @throws KicError as `packEnsemble` and `calibrate`; the signal's reason
 */
export const createEnsemble = async (
  output: string,
  models: readonly ReadModel[],
  { scheme, precision, licence, rows, ...watching }: CreateEnsembleOptions,
): Promise<Ensemble> => {
  const card: CardFacts = {
    licence,
    language: commonLanguage(models),
    ...(rows !== undefined && { data: `Budgets were chosen and measured on ${rows.name}.` }),
  }
  const options: PackEnsembleOptions = {
    members: models.map(({ name, folder }) => ({ name, folder })),
    scheme,
    precision,
    known: knownNotes,
    card,
  }
  const pack = async (packed: PackEnsembleOptions): Promise<Ensemble> => {
    watching.signal.throwIfAborted()
    const ensemble = await packEnsemble(output, packed)
    const raw = rawVotes(models, packed.members)
    if (raw !== undefined) watching.warn(raw)
    return ensemble
  }
  if (rows === undefined) return pack(options)
  const folder = await mkdtemp(join(dirname(resolve(output)), '.kic-ensemble-'))
  // A second interrupt exits at once.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  try {
    const { members, ...budgets } = await measureBudgets(folder, options, rows, watching)
    return await pack({ ...options, members, budgets, calibration: budgets.best.calibration })
  } finally {
    await rm(folder, { recursive: true, force: true })
    process.off('exit', removeNow)
  }
}

/** The language of all models, if it is one. */
const commonLanguage = (models: readonly ReadModel[]): string | undefined => {
  const languages = new Set(models.map(({ model }) => languageOf(model.notes.script)))
  const [language] = languages
  return languages.size === 1 ? language : undefined
}
