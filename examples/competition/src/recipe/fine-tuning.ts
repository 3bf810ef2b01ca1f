import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { augmentRows } from '@kic/korean-answers'
import type { MemberRecipe } from './members.ts'
import type { Augmentation } from './recipe.ts'
import type { Workspace } from './workspace.ts'

/** What decides how long a member learns. */
interface Tuned extends Pick<Workspace, 'recipe'> {
  readonly task: { readonly train: { readonly length: number } }
}

/** How one member learns. */
export interface MemberTuning {
  readonly epochs: number
  readonly learningRate: number
  /** Whether its loss is R-Drop. */
  readonly rDrop?: true
}

/** Small data gets more epochs, up to a limit, so that every run makes about as many updates, unless the recipe has fewer. */
export const fineTuningOf = (
  { recipe, task }: Tuned,
  { size, loss, head, fusion }: Pick<MemberRecipe, 'size' | 'loss' | 'head' | 'fusion'>,
): MemberTuning => {
  const found = recipe.fineTuning[size]
  if (found === undefined)
    throw new Error(`the recipe ${recipe.name} has no fine-tuning for the size ${size}`)
  const { learningRate, rDropEpochs } = found
  const rDrop =
    rDropEpochs !== undefined && loss === 'cross-entropy' && fusion === 'none' && head !== 'bilstm'
  const fewest = rDrop ? rDropEpochs : found.epochs
  const passes = Math.round((fewest * recipe.maxTrainingRows) / task.train.length)
  const copies = recipe.augmentation === 'none' ? 0 : recipe.augmentation.copies
  const most = Math.max(fewest, Math.min(4 * fewest, passes))
  const { mostEpochs = Number.POSITIVE_INFINITY } = recipe
  const epochs = Math.min(mostEpochs, Math.max(1, Math.round(most / (1 + copies))))
  return { epochs, learningRate, ...(rDrop && { rDrop }) }
}

/** Rows, then changed copies of them, whose texts are new and so are prepared here. */
export const withCopies = (
  rows: readonly Row[],
  augmentation: Augmentation | 'none',
  seed: number,
): readonly Row[] =>
  augmentation === 'none'
    ? rows
    : augmentRows(rows, { ...augmentation.rates, copies: augmentation.copies, seed }).map((row) => ({
        ...row,
        text: prepareText(row.text),
      }))
