import { codeIndex, codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { defaultPreparation, prepareText } from '@kic/data/prepare'
import { generateRows } from '@kic/korean-answers'

const LEVEL = 'group'

/** The classes of the classifier that this tool trains: groups of the classification. */
export const classCodes = (): readonly string[] => codesOf(ksic10Occurring, LEVEL)

export interface TrainingRows {
  readonly texts: readonly string[]
  readonly labels: readonly number[]
}

/** Generated answers and the numbers of their classes. */
export const trainingRows = (rows: number): TrainingRows => {
  const drawn = [...generateRows({ rows, seed: 'processors', minPerGroup: 0, repeats: 0, singleField: 0.5 })]
  return {
    texts: drawn.map((row) => prepareText(joinFields(row), defaultPreparation)),
    labels: drawn.map(({ group }) => codeIndex(ksic10Occurring, LEVEL, group)),
  }
}
