import { expect, it } from 'vitest'
import { fineTuningOf } from './fine-tuning.ts'
import { laptop, type Recipe, withFewerEpochs } from './recipe.ts'

const epochs = (recipe: Recipe, rows: number): number =>
  fineTuningOf({ recipe, task: { train: { length: rows } } }, { size: 'small' }).epochs

it('gives small data more epochs, up to four times as many', () => {
  const plain: Recipe = { ...laptop, augmentation: 'none' }
  expect([80_000, 20_000, 100].map((rows) => epochs(plain, rows))).toEqual([5, 10, 20])
  expect(epochs(laptop, 22_952)).toBe(3)
})

it('caps every training, and changes nothing else', () => {
  const fewer = withFewerEpochs(laptop, 1)
  expect([epochs(fewer, 22_952), fewer.tapt.epochs, fewer.pairs.epochs]).toEqual([1, 1, 1])
  expect({ ...fewer, mostEpochs: undefined, tapt: laptop.tapt }).toEqual({ ...laptop, mostEpochs: undefined })
  expect(withFewerEpochs(laptop, 100).tapt).toEqual(laptop.tapt)
})
