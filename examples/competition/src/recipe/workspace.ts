import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Classification, codesOf, levelNames } from '@kic/classification'
import type { FreshSizes } from '@kic/classifier'
import type { Row } from '@kic/data'
import type { Engine } from '@kic/engine'
import type { BatchPart } from '@kic/trainer'
import type { Task } from '../load-task.ts'
import type { ChangedRows } from './changed-rows.ts'
import type { SizeName } from './members.ts'
import type { FreshSize, Recipe, SizeRecipe } from './recipe.ts'

/** What every stage of a run may use. */
export interface Workspace {
  readonly engine: Engine
  readonly recipe: Recipe
  readonly task: Task
  readonly changed: ChangedRows
  readonly seed: number
  /** The memory of each kind of training, by `Learning`'s key, where it is known. */
  readonly memory?: ReadonlyMap<string, LearningMemory> | undefined
}

/** The memory of a kind of training. */
export interface LearningMemory {
  /** Of a step in these micro-batches. */
  readonly bytes: number
  readonly part: BatchPart
}

/** Sets of rows that members predict after their training. */
export const PREDICTED_PARTS = ['test', 'submit', 'joined', 'spaced'] as const
/** Changed copies of validation rows. */
export const COPIED_PARTS = ['copies'] as const
/** Sets of rows that members predict. */
export type Part = 'validation' | (typeof PREDICTED_PARTS | typeof COPIED_PARTS)[number]

/** The rows of a part. */
export const rowsOf = ({ task, changed }: Pick<Workspace, 'task' | 'changed'>, part: Part): readonly Row[] =>
  ({ ...task, ...changed })[part]

/** The file of a member's probabilities for a set of rows. */
export const predictionsFile = (folder: string, part: Part): string =>
  join(folder, `${part}.predictions.safetensors`)

/** Digests of the parts of a task that stages read: a stage reruns only when its own part changes. */
export interface TaskDigests {
  /** The classes of every level. */
  readonly classes: string
  readonly train: string
  /** Nothing without such rows. */
  readonly generated: string | undefined
  readonly validation: string
  readonly unlabelled: string
  /** Texts of the rows that are only predicted. */
  readonly predicted: string
  /** Texts of the changed copies of validation rows. */
  readonly copied: string
}

/** The digests of a task's parts. */
export const taskDigests = (workspace: Pick<Workspace, 'task' | 'changed'>): TaskDigests => {
  const { classification, train, generated, validation, unlabelled } = workspace.task
  const textsOfParts = (parts: readonly Part[]): string =>
    digestOf(parts, (part) => digestOf(rowsOf(workspace, part), textOf))
  const labelled = ({ id, text, labels }: Row) => [id, text, labels ? Object.values(labels) : null]
  const textOf = ({ text }: Row) => text
  return {
    classes: digestOf([classification], ({ name }) => [
      name,
      levelNames(classification).map((level) => [level, codesOf(classification, level)]),
    ]),
    train: digestOf(train, labelled),
    generated: generated.length === 0 ? undefined : digestOf(generated, labelled),
    validation: digestOf(validation, labelled),
    unlabelled: digestOf(unlabelled, textOf),
    predicted: textsOfParts(PREDICTED_PARTS),
    copied: textsOfParts(COPIED_PARTS),
  }
}

/** Row by row, as there may be millions. */
const digestOf = <T>(rows: readonly T[], contentOf: (row: T) => unknown): string => {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(`${JSON.stringify(contentOf(row))}\n`)
  return hash.digest('hex')
}

/** The longest row of tokens that an encoder must take: a pair holds a name beside the text. */
export const longestRow = ({ maxLength }: Pick<Recipe, 'maxLength'>): number => 2 * maxLength

/** The sizes of an encoder that is trained from scratch. */
export const encoderSizes = ({ recipe }: Workspace, size: FreshSize): FreshSizes => ({
  ...size,
  maxLength: longestRow(recipe),
})

/** The level that is next coarser, whose members fusion reads. */
export const levelAbove = (classification: Classification, level: string): string => {
  const names = levelNames(classification)
  const above = names[names.indexOf(level) - 1]
  if (above !== undefined) return above
  throw new Error(`no level is above ${level}`)
}

/** The recipe of a size. */
export const sizeOf = ({ recipe }: Workspace, size: SizeName): SizeRecipe => {
  const found = recipe.sizes[size]
  if (found === undefined) throw new Error(`the recipe ${recipe.name} has no size ${size}`)
  return found
}
