import { join } from 'node:path'
import type { CrossValidation } from '@kic/classifier'
import { writeFileAtomic } from '@kic/core/node'
import { csvLine } from '@kic/data'
import { argMaxRows } from '@kic/scores'

/**
 * Writes a cross-validation into a model's folder: `cross-validation.json` with its scores, and `out-of-fold.csv` with the
 * answer to every row by a model that did not learn from it. Rows whose labels are probably wrong come first.
 */
export const writeFoldFiles = async (folder: string, validation: CrossValidation): Promise<void> => {
  await writeFileAtomic(
    join(folder, 'cross-validation.json'),
    `${JSON.stringify(validation.report, null, 2)}\n`,
  )
  await writeFileAtomic(join(folder, 'out-of-fold.csv'), outOfFoldCsv(validation))
}

const HEADER = ['id', 'text', 'label', 'predicted', 'confidence', 'label_probability', 'suspect']

const outOfFoldCsv = ({ rows, classes, probabilities, report, noisyLabels }: CrossValidation): string => {
  const found = argMaxRows(probabilities, classes.length)
  const suspects = new Set(noisyLabels.map(({ row }) => row))
  const order = [...suspects, ...rows.flatMap((_, row) => (suspects.has(row) ? [] : [row]))]
  const lines = order.map((row) => {
    const { id, text, labels } = rows[row] ?? { id: '', text: '', labels: {} }
    const label = labels[report.level] ?? ''
    const probability = (column: number): string =>
      (probabilities[row * classes.length + column] ?? 0).toFixed(4)
    const answer = found[row] ?? 0
    return [
      id,
      text,
      label,
      classes[answer] ?? '',
      probability(answer),
      probability(classes.indexOf(label)),
      suspects.has(row) ? 'yes' : '',
    ]
  })
  return [HEADER, ...lines].map(csvLine).join('')
}
