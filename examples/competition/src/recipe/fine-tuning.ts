import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { augmentRows } from '@kic/korean-answers'
import type { MemberRecipe } from './members.ts'
import type { Augmentation, FineTuning } from './recipe.ts'
import type { Workspace } from './workspace.ts'

/** What decides how long a member learns. */
interface Tuned extends Pick<Workspace, 'recipe'> {
  readonly task: { readonly train: { readonly length: number } }
}

/** Small data gets more epochs, up to a limit, so that every run makes about as many updates, unless the recipe has fewer. */
export const fineTuningOf = (
  { recipe, task }: Tuned,
  { size, loss }: Pick<MemberRecipe, 'size' | 'loss'>,
): FineTuning => {
  const found = recipe.fineTuning[size]
  if (found === undefined)
    throw new Error(`the recipe ${recipe.name} has no fine-tuning for the size ${size}`)
  const passes = Math.round((found.epochs * recipe.maxTrainingRows) / task.train.length)
  const copies = recipe.augmentation === 'none' ? 0 : recipe.augmentation.copies
  const epochs = Math.max(found.epochs, Math.min(4 * found.epochs, passes))
  const { mostEpochs = Number.POSITIVE_INFINITY } = recipe
  const rDrop = found.rDrop === true && loss === 'cross-entropy'
  return { ...found, rDrop, epochs: Math.min(mostEpochs, Math.max(1, Math.round(epochs / (1 + copies)))) }
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
