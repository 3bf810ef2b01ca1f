import { createRandom, defined } from '@kic/core'
import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { type AugmentOptions, createAugmenter } from '@kic/korean-answers'
import type { Task } from '../load-task.ts'

type Change = Omit<AugmentOptions, 'seed'>

const JOINED: Change = { dropSpaces: 1 }
const SPACED: Change = { drawSpaces: 1 }
/** Each copied row is changed in each of these ways: spaces, words, and length. */
const COPIES: readonly Change[] = [
  JOINED,
  SPACED,
  { dropWord: 0.5, shuffleWords: 0.5, typo: 0.5 },
  { cutShort: 0.5, affix: 0.5 },
]
/** Of more validation rows, so many are copied. */
const MOST_COPIED = 1000

/** Rows of a run with changed texts. */
export interface ChangedRows {
  /** Copies of validation rows: weights of voters are chosen on them, too, so that they hold on texts written otherwise. */
  readonly copies: readonly Row[]
  /** The number of the validation row that each is a copy of. */
  readonly copyOf: Int32Array
  /** The test rows without any space. */
  readonly joined: readonly Row[]
  /** The test rows with spaces drawn at random. */
  readonly spaced: readonly Row[]
}

/** The changed rows of a task, which follow from the seed. */
export const changedRows = (
  { validation, test }: Pick<Task, 'validation' | 'test'>,
  seed: number,
): ChangedRows => {
  const copied = createRandom(seed, 'copied')
    .shuffle([...validation.keys()])
    .slice(0, MOST_COPIED)
  const originals = copied.map((row) => defined(validation[row]))
  return {
    copies: COPIES.flatMap((change) => changed(originals, change, seed)),
    copyOf: Int32Array.from(COPIES.flatMap(() => copied)),
    joined: changed(test, JOINED, seed),
    spaced: changed(test, SPACED, seed),
  }
}

/** Rows whose texts are changed as a whole: fields have spaces between them, too. */
const changed = (rows: readonly Row[], rates: Change, seed: number): readonly Row[] => {
  const change = createAugmenter({ ...rates, seed })
  return rows.map((row) => {
    const { text } = change({ ...row, fields: undefined }, 0)
    return { ...row, fields: undefined, text: prepareText(text) }
  })
}
