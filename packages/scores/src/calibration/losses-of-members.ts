import type { PredictionBlock, PredictionSource } from '../probabilities/prediction-source.ts'
import { temperedLogs } from '../probabilities/temper.ts'
import { scoresError } from '../scores-error.ts'
import { addRowLoss, noLoss, type TemperatureLoss, type TemperatureLossSum } from './temperature-loss.ts'

/** Keeps Newton's step finite where all logits of all rows are equal. */
const LEAST_CURVATURE = 1e-12

/**
 * The mean loss of each member over the rows that have a label, in one pass over the predictions.
 *
 * @param betas 1/T of each member; by default 1
 * @throws KicError `scores/labels`, `scores/shape`
 */
export const lossesOfMembers = async (
  source: PredictionSource,
  labels: Int32Array,
  betas: readonly number[] = [],
): Promise<TemperatureLoss[]> => {
  const sums: TemperatureLossSum[] = []
  let [counted, rows] = [0, 0]
  for await (const block of source()) {
    const size = block.members[0]?.rows ?? 0
    for (const [k, member] of block.members.entries()) {
      checkMember(block, k, size)
      const sum = sums[k] ?? noLoss()
      sums[k] = sum
      addRows(sum, member, labels.subarray(block.start, block.start + size), block.start, betas[k] ?? 1)
    }
    rows += size
    counted += labels.subarray(block.start, block.start + size).filter((label) => label >= 0).length
  }
  if (rows !== labels.length)
    throw refused(`every row needs a label, received ${labels.length} for ${rows} rows`)
  if (counted === 0) throw refused(`some rows need a label of 0 or more, received none in ${rows} rows`)
  return sums.map(({ loss, slope, curvature }) => ({
    loss: loss / counted,
    slope: slope / counted,
    curvature: Math.max(curvature / counted, LEAST_CURVATURE),
  }))
}

const addRows = (
  sum: TemperatureLossSum,
  { classes, data }: PredictionBlock['members'][number],
  labels: Int32Array,
  start: number,
  beta: number,
): void => {
  const logs = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue
    if (label >= classes) {
      throw refused(`labels must be below the ${classes} classes, received ${label} in row ${start + row}`)
    }
    const at = row * classes
    addRowLoss(sum, temperedLogs(data.subarray(at, at + classes), 1, logs), label, beta)
  }
}

const checkMember = ({ start, members }: PredictionBlock, k: number, size: number): void => {
  const { rows = 0, classes = 0, data } = members[k] ?? {}
  if (rows === size && data?.length === rows * classes) return
  throw scoresError(
    'scores/shape',
    `fitTemperatures: members must have probabilities [${size}, C] of the rows from ${start} on, received ${rows} × ${classes} ` +
      `in ${data?.length} numbers from member ${k}. Give the same rows of every member.`,
  )
}

const refused = (what: string) =>
  scoresError('scores/labels', `fitTemperatures: ${what}. Give the class number of each row, or -1.`)
