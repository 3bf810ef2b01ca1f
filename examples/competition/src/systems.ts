import {
  type AncestorLevel,
  ancestorLevels,
  type Classification,
  codesOf,
  finestLevel,
  labelNumbers,
  levelNames,
} from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { publishedScheme } from '@kic/ensemble'
import { argMax, argMaxRows, classificationScores, type Probabilities } from '@kic/scores'
import { labelledAt } from './class-name-rows.ts'
import type { Task } from './load-task.ts'
import type { SystemScores } from './system-scores.ts'
import type { Predictions, Vote } from './vote.ts'

/** A member's predictions at its own level and the coarser ones that follow from it. */
export const memberPredictions = (
  classification: Classification,
  level: string,
  probabilities: Probabilities,
): Predictions => {
  const labels = argMaxRows(probabilities.data, probabilities.classes)
  if (level !== finestLevel(classification)) return { [level]: labels }
  return fromFinest(classification, labels)
}

const fromFinest = (classification: Classification, labels: Int32Array): Predictions =>
  Object.fromEntries(
    ancestorLevels(classification).map(({ name, ofClass }) => [
      name,
      labels.map((label) => ofClass[label] ?? -1),
    ]),
  )

/** A member's vote. */
export interface MemberVote {
  readonly level: string
  readonly probabilities: Probabilities
}

/** The published three-level vote. */
export const vote = (classification: Classification, members: readonly MemberVote[]): Vote => {
  const [section, division, group] = ancestorLevels(classification)
  if (section === undefined || division === undefined || group === undefined)
    throw new KicError(
      'example/levels',
      `vote: the published vote needs three levels, received ${levelNames(classification).join(', ')}. Vote by paths.`,
    )
  const at = ({ name }: AncestorLevel): Probabilities[] =>
    members.filter(({ level }) => level === name).map(({ probabilities }) => probabilities)
  const voted = publishedScheme({
    groupMembers: at(group),
    divisionMembers: at(division),
    division,
    section,
  })
  return {
    predictions: {
      [section.name]: voted.section,
      [division.name]: voted.division,
      [group.name]: voted.group,
    },
    groupProbabilities: voted.groupProbabilities,
  }
}

/** The most frequent class of the training rows, for every row. */
export const majority = ({ classification, train, test }: Task): Predictions =>
  Object.fromEntries(
    levelNames(classification).map((level) => {
      const counts = new Int32Array(codesOf(classification, level).length)
      for (const label of labelNumbers(classification, level, labelledAt(train, level)))
        counts[label] = defined(counts[label]) + 1
      return [level, new Int32Array(test.length).fill(argMax(counts))]
    }),
  )

/** Scores of a system on the test rows. */
export const scored = (
  { classification, test }: Task,
  system: string,
  predictions: Predictions,
): SystemScores => ({
  system,
  levels: Object.fromEntries(
    Object.entries(predictions).map(([level, labels]) => {
      const { accuracy, macroF1 } = classificationScores(labels, labelNumbers(classification, level, test))
      return [level, { accuracy, macroF1 }]
    }),
  ),
})
