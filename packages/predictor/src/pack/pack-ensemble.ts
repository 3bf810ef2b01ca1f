import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import { savePreparation } from '@kic/data/node'
import type { BudgetName, Ensemble, EnsembleInput } from '@kic/ensemble'
import { calibratedBudget } from '../ensemble/calibrated-budget.ts'
import { ENSEMBLE_FILE } from '../ensemble/read-ensemble.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import { checkPackedFolder } from '../model/check-model-folder.ts'
import { licenceOf } from '../model/model-card.ts'
import { readModelFolder } from '../model/model-folder.ts'
import { type ModelNotes, NOTES_FILE } from '../model/model-notes.ts'
import { filesIn } from '../model/node-files.ts'
import { saveNotes } from '../model/save-notes.ts'
import { describeEnsemble, finestMember } from './describe-ensemble.ts'
import { ensembleCard } from './ensemble-card.ts'
import { memberFiles, placesOf } from './member-files.ts'
import type { PackEnsembleOptions } from './pack-options.ts'

/**
 * Packs models into the folder of an ensemble, which is a model: `loadPredictor` takes it like any other, wherever it is
 * copied. It has `ensemble.json`, `kic.json`, `preparation.json`, `README.md`, the files of each member that running takes in
 * `members/<name>/`, and files that several members have in common once, in `shared/`. Readers see the complete old folder or
 * the complete new one.
 *
 * @returns the content of its `ensemble.json`
 * @throws KicError `predictor/folder` for an output with something else than an ensemble, `predictor/ensemble-model` for a
 * name that cannot be or a member that is an ensemble, `predictor/ensemble-classes`,
 * `predictor/no-weights` for a network without an ONNX file, `core/write-failed`, and as `readModelFolder`
 */
export const packEnsemble = async (folder: string, options: PackEnsembleOptions): Promise<Ensemble> => {
  checkNames(options)
  await checkPackedFolder(
    'packEnsemble',
    folder,
    'ensemble',
    options.members.map((member) => member.folder),
  )
  const members = await Promise.all(
    options.members.map(async (member) => ({
      member,
      model: await readModelFolder(filesIn(member.folder), options),
    })),
  )
  const finest = finestMember(members).model
  const files = (
    await Promise.all(
      members.map(({ member, model }) =>
        memberFiles(member.folder, `members/${member.name}`, model, options.precision),
      ),
    )
  ).flat()
  const places = placesOf(files)
  const shared = [...places].filter(([path, place]) => path !== place)
  const { parseEnsemble } = await import('@kic/ensemble')
  const ensemble = parseEnsemble({
    format: 'kic-ensemble',
    version: 1,
    scheme: options.scheme ?? 'path',
    space: options.space,
    stacks: options.stacks,
    ...describeEnsemble(members),
    ...(shared.length > 0 && { files: Object.fromEntries(shared) }),
    ...(options.budgets !== undefined && { budgets: measured(options.budgets) }),
  } satisfies EnsembleInput)
  const licences = await Promise.all(members.map(({ member }) => statedLicence(member.folder)))
  await writeFolderAtomic(
    folder,
    async (at) => {
      const copied = new Set<string>()
      for (const { from, path } of files) {
        const place = join(at, places.get(path) ?? path)
        if (copied.has(place)) continue
        copied.add(place)
        await mkdir(dirname(place), { recursive: true })
        await copyFile(from, place)
      }
      await writeFileAtomic(join(at, ENSEMBLE_FILE), `${JSON.stringify(ensemble, null, 2)}\n`)
      await saveNotes(at, notesOf(finest.notes, ensemble, options))
      await savePreparation(at, members[0]?.model.preparation ?? finest.preparation)
      await writeFileAtomic(join(at, 'README.md'), ensembleCard(ensemble, members, licences, options.card))
    },
    (name) => PARTS.includes(name),
  )
  return ensemble
}

/** Entries of an ensemble's folder, which the next one replaces. */
const PARTS = ['members', 'shared', ENSEMBLE_FILE, NOTES_FILE]

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u

const checkNames = ({ members }: PackEnsembleOptions): void => {
  const names = members.map(({ name }) => name)
  const wrong = names.find((name, i) => !NAME.test(name) || names.indexOf(name) !== i)
  if (wrong !== undefined) {
    throw new KicError<PredictorErrorCode>(
      'predictor/ensemble-model',
      `packEnsemble: members must have distinct names of letters, digits, '.', '_' and '-', received '${wrong}'. Rename the member.`,
    )
  }
}

/** The part of budgets that `ensemble.json` holds. */
const measured = (budgets: NonNullable<PackEnsembleOptions['budgets']>): EnsembleInput['budgets'] =>
  byBudget(budgets, ({ members, accuracy, rowsPerSecond }) => ({
    members: members.map(({ name, weight, temperature }) => ({ name, weight, temperature })),
    accuracy,
    rowsPerSecond,
  }))

const notesOf = (
  { classification, script, letterless }: ModelNotes,
  ensemble: Ensemble,
  { calibration, budgets = {} }: PackEnsembleOptions,
): ModelNotes => {
  const whole = (['fast', 'best'] as const).find((name) => calibratedBudget(ensemble, name) === undefined)
  const calibrations = byBudget(budgets, (budget) => budget.calibration)
  return {
    classification,
    script,
    letterless,
    calibration: calibration ?? (whole === undefined ? undefined : budgets[whole]?.calibration),
    ...(Object.keys(calibrations).length > 0 && { budgets: calibrations }),
  }
}

const byBudget = <A, B>(
  budgets: { readonly [Budget in BudgetName]?: A | undefined },
  convert: (budget: A) => B | undefined,
): { [Budget in BudgetName]?: B } => {
  const found: { [Budget in BudgetName]?: B } = {}
  for (const name of ['fast', 'best'] as const) {
    const budget = budgets[name]
    const converted = budget === undefined ? undefined : convert(budget)
    if (converted !== undefined) found[name] = converted
  }
  return found
}

const statedLicence = async (folder: string): Promise<string | undefined> =>
  licenceOf(await readFile(join(folder, 'README.md'), 'utf8').catch(() => ''))
