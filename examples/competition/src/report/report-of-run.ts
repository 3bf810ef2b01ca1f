import { cpus } from 'node:os'
import { finestLevel, levelNames } from '@kic/classification'
import {
  drillDowns,
  expectedCalibrationError,
  judgeRows,
  levelConfusion,
  type ReviewRule,
  reliabilityBins,
  validationCurve,
  worstConfusions,
} from '@kic/scores'
import { judgedAnswers } from '../judged-answers.ts'
import type { Task } from '../load-task.ts'
import type { SystemScores } from '../score-table.ts'
import { bestMember, verdict } from '../verdict.ts'
import type { Vote } from '../vote.ts'
import type { ReportData, ReportedMember, TechniqueGain } from './report-data.ts'

/** The answers that are meant for use: what the report is about. */
export interface AnswersForUse {
  readonly system: string
  /** On the test rows. */
  readonly vote: Vote
  readonly review: ReviewRule
}

export interface ReportedRun {
  /** Its name. */
  readonly preset: string
  readonly seed: number
  readonly data?: string | undefined
  readonly task: Task
  readonly members: readonly Omit<ReportedMember, 'scores'>[]
  readonly techniques: readonly TechniqueGain[]
  readonly systems: readonly SystemScores[]
  readonly vote: Vote
  /** The members whose vote that is; default: all. */
  readonly voting?: readonly string[] | undefined
  /** Default: `vote`. */
  readonly use?: AnswersForUse | undefined
}

/** A run's results as a report shows them. */
export const reportOfRun = ({
  preset,
  seed,
  data = 'own dataset',
  task,
  members,
  techniques,
  systems,
  vote,
  voting,
  use,
}: ReportedRun): ReportData => {
  const levels = levelNames(task.classification)
  const finest = finestLevel(task.classification)
  const coding = use?.vote ?? vote
  const judged = judgedAnswers(task.classification, coding.predictions, task.test)
  const truth = judged.actual[finest] ?? new Int32Array(0)
  const { data: probabilities, classes } = coding.groupProbabilities
  const scoresOf = (name: string) => systems.find(({ system }) => system === name)?.levels ?? {}
  // What is meant for use comes first, and is compared with every member there is.
  const ensembles = [...(use === undefined ? [] : [use.system]), 'ensemble']
  const best = bestMember(systems, finest, use === undefined ? voting : undefined)
  return {
    title: 'Industry classification: what the ensemble can do',
    testName: task.testName,
    testRows: task.test.length,
    levels,
    systems: [
      ...ensembles.map((name) => ({ name, levels: scoresOf(name) })),
      ...(best === undefined ? [] : [{ name: `best member, ${best.system}`, levels: best.levels }]),
      { name: 'naive Bayes', levels: scoresOf('naive Bayes') },
      { name: 'majority class', levels: scoresOf('majority class') },
    ],
    verdict: [
      ...(use === undefined ? [] : [verdict(systems, finest, { system: use.system })]),
      verdict(systems, finest, voting && { members: voting }),
    ].join(' '),
    members: members.map((member) => ({ ...member, scores: scoresOf(member.name) })),
    techniques,
    confusions: levels.slice(0, -1).map((level) => levelConfusion(judged, level)),
    drillDown: drillDowns(judged),
    worst: worstConfusions(
      judged,
      task.test.map(({ text }) => text),
    ),
    reliability: {
      bins: reliabilityBins(probabilities, classes, truth),
      expectedCalibrationError: expectedCalibrationError(probabilities, classes, truth),
    },
    coverage: validationCurve(levels, judgeRows(judged, probabilities, classes)),
    codedBy: use?.system ?? 'ensemble',
    ...(use !== undefined && { review: use.review }),
    facts: [
      { name: 'data', value: data },
      { name: 'rows', value: `${task.train.length} to train on, ${task.validation.length} to validate` },
      ...task.notes.map((value) => ({ name: 'reading', value })),
      { name: 'preset, seed', value: `${preset}, ${seed}` },
      {
        name: 'machine',
        value: `${cpus()[0]?.model.trim()}, ${cpus().length} cores; Node.js ${process.version}`,
      },
    ],
  }
}
