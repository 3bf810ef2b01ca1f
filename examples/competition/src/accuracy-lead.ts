import { labelNumbers } from '@kic/classification'
import { type PairedDifference, pairedBootstrap, textNumbers } from '@kic/scores'
import type { Task } from './load-task.ts'
import type { SystemScores } from './system-scores.ts'
import { bestReference } from './verdict.ts'
import type { Predictions } from './vote.ts'

/** What a system answers on the test rows. */
export interface SystemAnswers {
  readonly system: string
  readonly predictions: Predictions
}

type TestTask = Pick<Task, 'classification' | 'test'>

/**
 * How far the accuracy of one system is above another's at a level, with the 95 % interval of other test rows. Rows with the same
 * text are drawn together.
 *
 * @returns `undefined` if one of them does not predict the level
 */
export const accuracyLead = (
  { classification, test }: TestTask,
  level: string,
  own: Predictions,
  other: Predictions,
): PairedDifference | undefined => {
  const [first, second] = [own[level], other[level]]
  if (first === undefined || second === undefined) return undefined
  const truth = labelNumbers(classification, level, test)
  const right = (labels: Int32Array): Float64Array =>
    Float64Array.from(truth, (label, row) => Number(labels[row] === label))
  return pairedBootstrap(right(first), right(second), { groups: textNumbers(test) })
}

/** How far each system is above a reference. */
export interface ReferenceLeads {
  /** The most accurate reference at the level. */
  readonly reference: string
  readonly level: string
  /** By system. */
  readonly leads: Readonly<Record<string, PairedDifference>>
}

/** How far each system is above the best reference at a level; `undefined` without references. */
export const referenceLeads = (
  task: TestTask,
  level: string,
  answers: readonly SystemAnswers[],
  scores: readonly SystemScores[],
): ReferenceLeads | undefined => {
  const best = bestReference(scores, level)
  const reference = answers.find(({ system }) => system === best?.system)
  if (reference === undefined) return undefined
  const leads = answers.flatMap((one) => {
    const lead =
      one === reference ? undefined : accuracyLead(task, level, one.predictions, reference.predictions)
    return lead === undefined ? [] : [[one.system, lead] as const]
  })
  return { reference: reference.system, level, leads: Object.fromEntries(leads) }
}
