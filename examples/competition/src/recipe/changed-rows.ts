import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { type AugmentOptions, createAugmenter } from '@kic/korean-answers'
import type { Task } from '../load-task.ts'

/** Rows of a run with changed texts. */
export interface ChangedRows {
  /** The test rows without any space. */
  readonly joined: readonly Row[]
  /** The test rows with spaces drawn at random. */
  readonly spaced: readonly Row[]
}

/** The changed rows of a task, which follow from the seed. */
export const changedRows = ({ test }: Pick<Task, 'test'>, seed: number): ChangedRows => ({
  joined: changed(test, { dropSpaces: 1 }, seed),
  spaced: changed(test, { drawSpaces: 1 }, seed),
})

/** Rows whose texts are changed as a whole: fields have spaces between them, too. */
const changed = (rows: readonly Row[], rates: Omit<AugmentOptions, 'seed'>, seed: number): readonly Row[] => {
  const change = createAugmenter({ ...rates, seed })
  return rows.map((row) => {
    const { text } = change({ ...row, fields: undefined }, 0)
    return { ...row, fields: undefined, text: prepareText(text) }
  })
}
