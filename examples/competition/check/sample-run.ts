import { ancestorLevels, codesOf, labelNumbers, levelNames } from '@kic/classification'
import { createRandom, defined } from '@kic/core'
import { judgeRows, reviewRule, softmaxRows } from '@kic/scores'
import { accuracyLead, referenceLeads } from '../src/accuracy-lead.ts'
import { judgedAnswers } from '../src/judged-answers.ts'
import { loadTask } from '../src/load-task.ts'
import { FIFTEEN, techniquePairs } from '../src/recipe/members.ts'
import type { ReportData } from '../src/report/report-data.ts'
import { reportOfRun } from '../src/report/report-of-run.ts'
import { majority, memberPredictions, scored } from '../src/systems.ts'
import { CHOSEN, reference } from '../src/verdict.ts'
import type { Vote } from '../src/vote.ts'

const EPOCHS = 6

/**
 * The report of a run that nobody had to wait for: rows, classes, names and baselines are the project's own, the members'
 * answers are the true ones with noise.
 */
export const sampleRun = async (): Promise<ReportData> => {
  const task = await loadTask({ name: 'sample', generatedRows: 9200, maxTrainingRows: 3000 }, 1)
  const { classification, test } = task
  const [, , group = ''] = levelNames(classification)
  const truth = labelNumbers(classification, group, test)
  const divisions = ancestorLevels(classification)[1]?.ofClass ?? new Int32Array(0)
  const random = createRandom(1, 'sample run')

  /** Softmax of noise, with a signal at the true class and half of it at its neighbours in the division. */
  const noisy = (signal: number): Vote => {
    const classes = codesOf(classification, group).length
    const logits = Array.from(truth).flatMap((label) =>
      Array.from({ length: classes }, (_, c) => {
        const near = c === label ? signal : divisions[c] === divisions[label] ? signal / 2 : 0
        return 1.5 * (random.normal() + near)
      }),
    )
    const groupProbabilities = { rows: test.length, classes, data: softmaxRows(logits, classes) }
    return { predictions: memberPredictions(classification, group, groupProbabilities), groupProbabilities }
  }

  const members = FIFTEEN.map((member, i) => ({ member, vote: noisy(3 + 0.1 * i) }))
  const [vote, selected] = [noisy(5.5), noisy(5.6)]
  const voted = [
    ...members.map(({ member: { name, level }, vote: { predictions } }) => {
      const own =
        level === group ? predictions : { [level]: predictions[level] ?? new Int32Array(test.length) }
      return { system: name, predictions: own }
    }),
    { system: 'ensemble', predictions: vote.predictions },
    { system: CHOSEN, predictions: selected.predictions },
    { system: reference('naive Bayes, no spaces'), predictions: noisy(4).predictions },
    { system: 'majority class', predictions: majority(task) },
  ]
  const systems = voted.map(({ system, predictions }) => scored(task, system, predictions))
  const predictionsOf = (name: string) => defined(voted.find(({ system }) => system === name)).predictions
  const answers = judgedAnswers(classification, selected.predictions, test)
  const judged = judgeRows(answers, selected.groupProbabilities.data, selected.groupProbabilities.classes)
  const half = Math.floor(test.length / 2)
  const review = reviewRule(levelNames(classification), judged.slice(0, half), judged.slice(half))
  return reportOfRun({
    preset: 'sample',
    seed: 1,
    task,
    members: FIFTEEN.map(({ name, level, size, start, head, loss }, i) => ({
      name,
      level,
      description: [size, start, `${head} head`, loss].join(', '),
      parameters: 1_000_000 + 70_000 * i,
      seconds: 60,
      curve: Array.from({ length: EPOCHS }, (_, epoch) => ({
        epoch: epoch + 1,
        accuracy: 0.9 - (0.5 + 0.01 * i) * Math.exp(-epoch),
      })),
    })),
    techniques: techniquePairs(FIFTEEN).map(({ technique, without, with: found }) => ({
      technique,
      without: without.name,
      with: found.name,
      level: found.level,
      gain: defined(accuracyLead(task, found.level, predictionsOf(found.name), predictionsOf(without.name))),
    })),
    systems,
    leads: referenceLeads(task, group, voted, systems),
    spacing: [
      { system: CHOSEN, readsWords: false, test: 0.9, joined: 0.88, spaced: 0.87 },
      { system: 'group-ngrams', readsWords: true, test: 0.89, joined: 0.7, spaced: 0.6 },
    ],
    vote,
    use: { system: CHOSEN, vote: selected, review },
  })
}
