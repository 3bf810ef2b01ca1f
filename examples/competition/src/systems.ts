import {
  ancestorNumbers,
  codesOf,
  finestLevel,
  type Hierarchy,
  labelNumbers,
  levelNames,
} from '@kic/classification'
import { argmaxRows, type Probabilities, publishedScheme } from '@kic/ensemble'
import { trainNgramModel } from '@kic/ngram'
import { argMaxRows, classificationScores } from '@kic/scores'
import type { Task } from './load-task.ts'
import { ngramRows } from './recipe/make-ngram-member.ts'
import type { Predictions, Vote } from './report/report-of-run.ts'
import type { SystemScores } from './score-table.ts'

/** A member's predictions at its own level and the coarser ones that follow from it. */
export const memberPredictions = (
  hierarchy: Hierarchy,
  level: string,
  probabilities: Probabilities,
): Predictions => {
  const labels = argmaxRows(probabilities)
  if (level !== finestLevel(hierarchy)) return { [level]: labels }
  return fromFinest(hierarchy, labels)
}

const fromFinest = (hierarchy: Hierarchy, labels: Int32Array): Predictions =>
  Object.fromEntries(
    levelNames(hierarchy).map((level) => {
      const parents = ancestorNumbers(hierarchy, level)
      return [level, labels.map((label) => parents[label] ?? -1)]
    }),
  )

/** A member's say. */
export interface MemberVote {
  readonly level: string
  readonly probabilities: Probabilities
}

/** The published three-level vote. */
export const vote = (hierarchy: Hierarchy, members: readonly MemberVote[]): Vote => {
  const [section = '', division = '', group = ''] = levelNames(hierarchy)
  const at = (level: string): Probabilities[] =>
    members.filter((member) => member.level === level).map(({ probabilities }) => probabilities)
  const voted = publishedScheme({
    groupMembers: at(group),
    divisionMembers: at(division),
    divisionOfGroup: ancestorNumbers(hierarchy, division),
    sectionOfGroup: ancestorNumbers(hierarchy, section),
  })
  return {
    predictions: { [section]: voted.section, [division]: voted.division, [group]: voted.group },
    groupProbabilities: voted.groupProbabilities,
  }
}

/** What naive Bayes says of the test rows. */
export const naiveBayes = ({ hierarchy, train, test }: Task): Predictions => {
  const finest = finestLevel(hierarchy)
  const labels = codesOf(hierarchy, finest)
  const { scores } = trainNgramModel(ngramRows(train, finest), { model: 'naive-bayes', labels })
  return fromFinest(hierarchy, argMaxRows(scores(test.map(({ text }) => text)), labels.length))
}

/** Always the class that is most frequent among the training rows. */
export const majority = ({ hierarchy, train, test }: Task): Predictions =>
  Object.fromEntries(
    levelNames(hierarchy).map((level) => {
      const counts = new Int32Array(codesOf(hierarchy, level).length)
      for (const label of labelNumbers(hierarchy, level, train)) counts[label] = (counts[label] ?? 0) + 1
      return [level, new Int32Array(test.length).fill(counts.indexOf(Math.max(...counts)))]
    }),
  )

/** Scores of a system on the test rows. */
export const scored = (
  { hierarchy, test }: Task,
  system: string,
  predictions: Predictions,
): SystemScores => ({
  system,
  levels: Object.fromEntries(
    Object.entries(predictions).map(([level, labels]) => {
      const { accuracy, macroF1 } = classificationScores(labels, labelNumbers(hierarchy, level, test))
      return [level, { accuracy, macroF1 }]
    }),
  ),
})
