import { finestLevel, labelsOf, nodeOf } from '@kic/classification'
import { csvLine, listedSets } from '@kic/data'
import {
  type Candidate,
  type CodedText,
  guaranteeCells,
  type Prediction,
  type PredictorInfo,
} from '@kic/predictor'

/** A row of the visitor's and what became of it. */
export interface CodedRow {
  readonly cells: readonly string[]
  readonly prediction: Prediction
  /** The code that a person chose. */
  readonly chosen?: string | undefined
}

/** The status of a row at a threshold. */
export type RowStatus = 'automatic' | 'review' | 'person' | 'unusable'

export const rowStatus = ({ prediction, chosen }: CodedRow, threshold: number): RowStatus => {
  if (chosen !== undefined) return 'person'
  if (prediction.status === 'unusable') return 'unusable'
  return prediction.confidence < threshold ? 'review' : 'automatic'
}

/** What codes are of. */
export type Coding = Pick<PredictorInfo, 'levels' | 'classification'>

/** Codes and names of a row, coarsest level first: the person's if there is one; none for unusable texts. */
export const rowCodes = (
  { prediction, chosen }: CodedRow,
  { levels, classification }: Coding,
): readonly { readonly code: string; readonly name: string }[] => {
  if (chosen !== undefined) {
    const labels = labelsOf(classification, levels.at(-1) ?? finestLevel(classification), chosen)
    return levels.map((level) => {
      const code = labels[level] ?? ''
      return { code, name: nodeOf(classification, level, code)?.name ?? '' }
    })
  }
  if (prediction.status === 'unusable') return []
  return levels.map((level) => prediction.codes[level] ?? { code: '', name: '' })
}

/** Other classes than the answer, most probable first. An ensemble's answer is not always its most probable class. */
export const alternatives = ({ codes, top }: CodedText, levels: readonly string[]): readonly Candidate[] => {
  const answer = codes[levels.at(-1) ?? '']?.code
  return top.filter(({ code }) => code !== answer)
}

/** A prediction whose sets are lists of labels as `kic predict` writes them. */
const listed = (prediction: Prediction): Prediction =>
  prediction.status === 'unusable' || prediction.sets === undefined
    ? prediction
    : { ...prediction, sets: listedSets(prediction.sets) }

/** The rows with their codes, and sets of codes if they have some, as CSV, UTF-8 with the mark by which spreadsheet programs know it. */
export const codedCsv = (
  columns: readonly string[],
  rows: readonly CodedRow[],
  coding: Coding,
  threshold: number,
): string => {
  const { levels } = coding
  const sets = rows.some(
    ({ prediction }) => prediction.status !== 'unusable' && prediction.sets !== undefined,
  )
  const guarantees = guaranteeCells(levels, { sets, novelty: sets })
  const head = [
    ...columns,
    ...levels.flatMap((level) => [level, `${level}_name`]),
    'confidence',
    'status',
    ...guarantees.columns,
  ]
  const body = rows.map((row) => {
    const codes = rowCodes(row, coding)
    const { prediction } = row
    return csvLine([
      ...columns.map((_, i) => row.cells[i] ?? ''),
      ...levels.flatMap((_, i) => [codes[i]?.code ?? '', codes[i]?.name ?? '']),
      prediction.status === 'unusable' ? '' : prediction.confidence.toFixed(4),
      rowStatus(row, threshold),
      ...guarantees
        .cells(listed(prediction))
        .map((cell) => (typeof cell === 'number' ? cell.toFixed(4) : cell)),
    ])
  })
  return `\uFEFF${csvLine(head)}${body.join('')}`
}
