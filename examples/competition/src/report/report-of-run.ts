import { cpus } from 'node:os'
import { finestLevel, levelNames } from '@kic/classification'
import { defined } from '@kic/core'
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
import type { ReferenceLeads } from '../accuracy-lead.ts'
import { judgedAnswers } from '../judged-answers.ts'
import type { Task } from '../load-task.ts'
import type { SpacingScores } from '../spacing-check.ts'
import type { SystemScores } from '../system-scores.ts'
import { bestMember, isReference, verdict } from '../verdict.ts'
import type { Vote } from '../vote.ts'
import type { ReportData, ReportedMember, TechniqueGain } from './report-data.ts'

/** The answers for use, which the report shows. */
export interface AnswersForUse {
  readonly system: string
  /** On the test rows. */
  readonly vote: Vote
  readonly review: ReviewRule
}

export interface ReportedRun {
  /** The preset's name. */
  readonly preset: string
  readonly seed: number
  readonly data?: string | undefined
  readonly task: Task
  readonly members: readonly Omit<ReportedMember, 'scores'>[]
  readonly techniques: readonly TechniqueGain[]
  readonly systems: readonly SystemScores[]
  /** How far they are above the best reference, if the run has one. */
  readonly leads?: ReferenceLeads | undefined
  /** Scores with other spaces, if the run checked them. */
  readonly spacing?: readonly SpacingScores[] | undefined
  readonly vote: Vote
  /** The members of this vote; default: all. */
  readonly voting?: readonly string[] | undefined
  /** Default: `vote`. */
  readonly use?: AnswersForUse | undefined
  /** Whose answers the submission has, if the run wrote one. */
  readonly submission?: string | undefined
  /** How the answers for use are combined, and why, if the run chose. */
  readonly combination?: string | undefined
}

/** The content of a run's report. */
export const reportOfRun = ({
  preset,
  seed,
  data = 'own dataset',
  task,
  members,
  techniques,
  systems,
  leads,
  spacing,
  vote,
  voting,
  use,
  submission,
  combination,
}: ReportedRun): ReportData => {
  const levels = levelNames(task.classification)
  const finest = finestLevel(task.classification)
  const coding = use?.vote ?? vote
  const judged = judgedAnswers(task.classification, coding.predictions, task.test)
  const truth = defined(judged.actual[finest])
  const { data: probabilities, classes } = coding.groupProbabilities
  const scoresOf = (name: string) => systems.find(({ system }) => system === name)?.levels ?? {}
  // The answers for use come first, and are compared with every member.
  const ensembles = [...(use === undefined ? [] : [use.system]), 'ensemble']
  const best = bestMember(systems, finest, use === undefined ? voting : undefined)
  const generated = task.generated.length === 0 ? '' : ` and ${task.generated.length} generated ones`
  return {
    title: 'Industry classification: results of the ensemble',
    testName: task.testName,
    testRows: task.test.length,
    levels,
    systems: [
      ...ensembles.map((name) => ({ name, levels: scoresOf(name) })),
      ...(best === undefined ? [] : [{ name: `best member, ${best.system}`, levels: best.levels }]),
      ...systems
        .filter(({ system }) => isReference(system))
        .map(({ system, levels }) => ({ name: system, levels })),
      { name: 'majority class', levels: scoresOf('majority class') },
    ],
    leads,
    verdict: [
      ...(use === undefined ? [] : [verdict(systems, finest, { system: use.system })]),
      verdict(systems, finest, voting && { members: voting }),
    ].join(' '),
    members: members.map((member) => ({ ...member, scores: scoresOf(member.name) })),
    techniques,
    spacing,
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
    review: use?.review,
    facts: [
      { name: 'data', value: data },
      {
        name: 'rows',
        value: `${task.train.length} to train on${generated}, ${task.validation.length} to validate`,
      },
      ...task.notes.map((value) => ({ name: 'reading', value })),
      ...(combination === undefined || use === undefined ? [] : [{ name: use.system, value: combination }]),
      ...(submission === undefined ? [] : [{ name: 'submission.csv', value: submission }]),
      { name: 'preset, seed', value: `${preset}, ${seed}` },
      {
        name: 'machine',
        value: `${cpus()[0]?.model.trim()}, ${cpus().length} cores; Node.js ${process.version}`,
      },
    ],
  }
}
