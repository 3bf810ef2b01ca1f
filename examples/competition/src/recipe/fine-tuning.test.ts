import { expect, it } from 'vitest'
import { fineTuningOf } from './fine-tuning.ts'
import { laptop, type Recipe, withFewerEpochs } from './recipe.ts'

const epochs = (recipe: Recipe, rows: number): number =>
  fineTuningOf({ recipe, task: { train: { length: rows } } }, { size: 'small', loss: 'cross-entropy' }).epochs

it('gives small data more epochs, up to four times as many', () => {
  expect([80_000, 20_000, 100].map((rows) => epochs(laptop, rows))).toEqual([3, 6, 12])
  const copied: Recipe = { ...laptop, augmentation: { copies: 2, rates: { splitWords: 1 } } }
  expect(epochs(copied, 22_952)).toBe(2)
})

it('caps every training, and changes nothing else', () => {
  const fewer = withFewerEpochs(laptop, 1)
  expect([epochs(fewer, 22_952), fewer.tapt.epochs, fewer.pairs.epochs]).toEqual([1, 1, 1])
  expect(fewer.generatedEpochs).toBe(1)
  const { tapt, generatedEpochs } = laptop
  expect({ ...fewer, mostEpochs: undefined, tapt, generatedEpochs }).toEqual({
    ...laptop,
    mostEpochs: undefined,
  })
  expect(withFewerEpochs(laptop, 100).tapt).toEqual(laptop.tapt)
})

it('gives R-Drop to members with cross-entropy alone', () => {
  const task = { train: { length: 22_952 } }
  const tuned = (loss: 'cross-entropy' | 'accuracy') =>
    fineTuningOf({ recipe: laptop, task }, { size: 'base', loss })
  expect([tuned('cross-entropy').rDrop, tuned('accuracy').rDrop]).toEqual([true, false])
})
