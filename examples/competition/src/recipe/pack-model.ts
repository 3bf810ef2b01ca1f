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
import type { SystemScores } from '../score-table.ts'
import { saveReader } from './ensemble-readers.ts'
import { guaranteeModel } from './guarantee-model.ts'
import { loadMember } from './member-model.ts'
import type { MemberRecipe } from './members.ts'
import type { Recipe } from './recipe.ts'

export interface PackedRun {
  readonly recipe: Recipe
  readonly task: Task
  /** A description of the rows. */
  readonly data: string
  readonly ensemble: Ensemble
  /** The folder of a member's stage. */
  readonly folderOf: (name: string) => string
  /** The ensemble's answers to the validation rows; a row that it refuses is not coded. */
  readonly validation: readonly JudgedRow[]
  /** The ensemble's scores on the test rows. */
  readonly scores: SystemScores | undefined
}

/**
 * Writes the chosen ensemble as a model that `loadPredictor` takes, wherever it is copied: its members with their weights and
 * temperatures, networks as float32, calibrated on the validation rows.
 *
 * @throws KicError as `saveOnnx` and `packEnsemble`
 */
export const packModel = async (folder: string, run: PackedRun): Promise<void> => {
  const { recipe, task, ensemble, folderOf } = run
  const { validation } = task
  const temporary = await mkdtemp(join(dirname(resolve(folder)), '.kic-model-'))
  try {
    const members: PackedMember[] = []
    for (const { name, weight, temperature } of ensemble.members) {
      const network = recipe.members.find((one) => one.name === name)
      const stage = folderOf(name)
      members.push({
        name,
        weight,
        temperature,
        folder: network === undefined ? stage : await exported(join(temporary, name), task, network, stage),
      })
    }
    await packEnsemble(folder, {
      members,
      scheme: ensemble.scheme,
      space: ensemble.space,
      // The temperatures of the members were chosen so that the vote is calibrated.
      calibration: {
        temperature: 1,
        on: `${validation.length} validation rows of ${run.data}`,
        curve: validationCurve(levelNames(task.classification), run.validation),
      },
      card: cardOf(run),
    })
    await guaranteeModel(folder, task)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** One file of float32 cannot hold more. */
const MOST_BYTES = 2 ** 31 - 2 ** 24

/** Writes what running a network takes. */
const exported = async (
  folder: string,
  { classification }: Task,
  member: MemberRecipe,
  trained: string,
): Promise<string> => {
  const loaded = await loadMember(member, trained)
  const { model, params } = loaded
  const bytes = Object.values(params).reduce((sum, { data }) => sum + data.byteLength, 0)
  await saveReader(folder, loaded, classification)
  await saveOnnx(folder, { model, params }, { formats: [bytes > MOST_BYTES ? 'float16' : 'float32'] })
  return folder
}

const cardOf = ({ recipe, task, data, scores }: PackedRun): CardFacts => {
  const { train, validation, test, testName, classification } = task
  const reached = levelNames(classification).flatMap((level) => {
    const score = scores?.levels[level]
    return score === undefined
      ? []
      : [`${level} ${percent(score.accuracy)} (macro-F1 ${percent(score.macroF1)})`]
  })
  return {
    title: `Ensemble of the preset ${recipe.name}`,
    data:
      `Trained on ${train.length} rows of ${data}; members, weights and temperatures are chosen on ${validation.length} ` +
      `validation rows. Accuracy on ${test.length} ${testName}: ${reached.join(', ')}.`,
    language: notesOfTask(classification).script?.name === 'Hangul' ? 'ko' : undefined,
  }
}
