import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { levelNames } from '@kic/classification'
import { saveTextFiles } from '@kic/classifier'
import { percent } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { Ensemble } from '@kic/ensemble'
import type { CardFacts } from '@kic/predictor'
import {
  filesIn,
  type PackedMember,
  packEnsemble,
  readModelFolder,
  saveNotes,
  textLimits,
} from '@kic/predictor/node'
import { saveOnnx } from '@kic/roberta/node'
import { type JudgedRow, validationCurve } from '@kic/scores'
import type { Task } from '../load-task.ts'
import { notesOfTask } from '../notes-of-task.ts'
import type { SystemScores } from '../score-table.ts'
import { loadMember } from './member-model.ts'
import type { MemberRecipe } from './members.ts'
import { packedPrecision, precisionNote } from './packed-precision.ts'
import type { Recipe } from './recipe.ts'
import { textsOf } from './texts-of.ts'

export interface PackedRun {
  readonly recipe: Recipe
  readonly task: Task
  /** A description of the rows. */
  readonly data: string
  readonly ensemble: Ensemble
  /** The folder of a member's stage. */
  readonly folderOf: (name: string) => string
  /** The ensemble's answers to the validation rows. */
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
    const models = await Promise.all(members.map((member) => readModelFolder(filesIn(member.folder))))
    const limits = await textLimits(models, textsOf(validation))
    const judged = run.validation.map((row, i) => (limits[i]?.reason === undefined ? row : notCoded(row)))
    await packEnsemble(folder, {
      members,
      scheme: ensemble.scheme,
      space: ensemble.space,
      stacks: ensemble.stacks,
      // The temperatures of the members were chosen so that the vote is calibrated.
      calibration: {
        temperature: 1,
        on: `${validation.length} validation rows of ${run.data}`,
        curve: validationCurve(levelNames(task.classification), judged),
      },
      card: cardOf(run, precision),
    })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Writes what running a network takes, also for a fused one, which no class of transformers is.
 *
 * @returns how its weights are stored
 */
const exported = async (
  folder: string,
  { classification }: Task,
  member: MemberRecipe,
  trained: string,
): Promise<'float32' | 'float16'> => {
  const { model, params, tokenizer } = await loadMember(member, trained)
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(model.config, null, 2)}\n`)
  await saveTextFiles(folder, tokenizer)
  await saveNotes(folder, notesOfTask(classification))
  const precision = packedPrecision(params)
  await saveOnnx(folder, { model, params }, { formats: [precision] })
  return precision
}

/** A text that the model cannot use has no code. */
const notCoded = ({ correct }: JudgedRow): JudgedRow => ({
  confidence: undefined,
  correct: Object.fromEntries(
    Object.entries(correct).map(([level, right]) => [level, right === undefined ? undefined : false]),
  ),
})

const cardOf = ({ recipe, task, data, ensemble, scores }: PackedRun, precision?: string): CardFacts => {
  const { train, validation, test, testName, classification } = task
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
  return {
    title: `Ensemble of the preset ${recipe.name}`,
    data:
      `Trained on ${train.length} rows of ${data}; ${fitted} on ${validation.length} validation rows. ` +
      `Accuracy on ${test.length} ${testName}: ${reached.join(', ')}.${precision === undefined ? '' : ` ${precision}`}`,
    language: notesOfTask(classification).script?.name === 'Hangul' ? 'ko' : undefined,
  }
}
