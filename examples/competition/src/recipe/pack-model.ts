import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { levelNames } from '@kic/classification'
import { percent } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import type { CardFacts } from '@kic/predictor'
import { type PackedMember, packEnsemble } from '@kic/predictor/node'
import { saveOnnx } from '@kic/roberta/node'
import { type JudgedRow, validationCurve } from '@kic/scores'
import type { Task } from '../load-task.ts'
import { notesOfTask } from '../notes-of-task.ts'
import type { SystemScores } from '../system-scores.ts'
import { saveReader } from './ensemble-readers.ts'
import { guaranteeModel } from './guarantee-model.ts'
import { loadMember } from './member-model.ts'
import type { MemberRecipe } from './members.ts'
import { packedPrecision, precisionNote } from './packed-precision.ts'
import type { Recipe } from './recipe.ts'

export interface PackedRun {
  readonly recipe: Recipe
  readonly task: Task
  /** A description of the rows. */
  readonly data: string
  readonly ensemble: Ensemble
  /** What was trained again on training and validation rows, as sentences. */
  readonly again?: string | undefined
  /** The folder of a member's stage. */
  readonly folderOf: (name: string) => string
  /** The ensemble's answers to the validation rows; a row that it refuses is not coded. */
  readonly validation: readonly JudgedRow[]
  /** The ensemble's scores on the test rows. */
  readonly scores: SystemScores | undefined
  readonly say: (line: string) => void
}

/**
 * Writes the chosen ensemble as a model that `loadPredictor` takes, wherever it is copied: its members with their weights and
 * temperatures, networks as float32 where one file can hold them, calibrated on the validation rows.
 *
 * @throws KicError as `saveOnnx` and `packEnsemble`
 */
export const packModel = async (folder: string, run: PackedRun): Promise<void> => {
  const { recipe, task, ensemble, folderOf, say } = run
  const { validation } = task
  const temporary = await mkdtemp(join(dirname(resolve(folder)), '.kic-model-'))
  try {
    const members: PackedMember[] = []
    const halved: string[] = []
    for (const { name, weight, temperature } of ensemble.members) {
      const network = recipe.members.find((one) => one.name === name)
      const stage = folderOf(name)
      const folder = network === undefined ? stage : join(temporary, name)
      if (network !== undefined && (await exported(folder, task, network, stage)) === 'float16')
        halved.push(name)
      members.push({ name, weight, temperature, folder })
    }
    const precision = precisionNote(halved)
    if (precision !== undefined) say(precision)
    await packEnsemble(folder, {
      members,
      scheme: ensemble.scheme,
      space: ensemble.space,
      stacks: ensemble.stacks,
      // The temperatures of the members were chosen so that the vote is calibrated.
      calibration: {
        temperature: 1,
        on: `${validation.length} validation rows of ${run.data}`,
        curve: validationCurve(levelNames(task.classification), run.validation),
      },
      card: cardOf(run, precision),
    })
    await guaranteeModel(folder, task)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Writes what running a network takes.
 *
 * @returns how its weights are stored
 */
const exported = async (
  folder: string,
  { classification }: Task,
  member: MemberRecipe,
  trained: string,
): Promise<'float32' | 'float16'> => {
  const loaded = await loadMember(member, trained)
  const { model, params } = loaded
  const precision = packedPrecision(params)
  await saveReader(folder, loaded, classification)
  await saveOnnx(folder, { model, params }, { formats: [precision] })
  return precision
}

const cardOf = (
  { recipe, task, data, ensemble, again, scores }: PackedRun,
  precision?: string,
): CardFacts => {
  const { train, generated, validation, test, testName, classification } = task
  const reached = levelNames(classification).flatMap((level) => {
    const score = scores?.levels[level]
    return score === undefined
      ? []
      : [`${level} ${percent(score.accuracy)} (macro-F1 ${percent(score.macroF1)})`]
  })
  const fitted =
    ensemble.stacks === undefined
      ? 'members, weights and temperatures are chosen'
      : 'members, temperatures and a stack for each level are fitted'
  const beside = generated.length === 0 ? '' : ` and ${generated.length} generated ones`
  return {
    title: `Ensemble of the preset ${recipe.name}`,
    data:
      `Trained on ${train.length} rows of ${data}${beside}; ${fitted} on ${validation.length} validation rows.${again === undefined ? '' : ` ${again}`} ` +
      `Accuracy on ${test.length} ${testName}: ${reached.join(', ')}.${precision === undefined ? '' : ` ${precision}`}`,
    language: notesOfTask(classification).script?.name === 'Hangul' ? 'ko' : undefined,
  }
}
