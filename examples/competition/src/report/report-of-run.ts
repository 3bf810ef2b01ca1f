import { cpus } from 'node:os'
import { finestLevel, levelNames } from '@kic/data'
import type { Probabilities } from '@kic/ensemble'
import { expectedCalibrationError, reliabilityBins } from '@kic/trainer'
import { classNumbers } from '../labels.ts'
import type { Task } from '../load-task.ts'
import type { SystemScores } from '../score-table.ts'
import { bestMember, verdict } from '../verdict.ts'
import { drillDowns, type Judged, levelConfusion, worstConfusions } from './analyse-errors.ts'
import { coverageCurve } from './coverage-curve.ts'
import type { ReportData, ReportedMember, TechniqueGain } from './report-data.ts'

/** Class numbers of some rows, by level. */
export type Predictions = Readonly<Record<string, Int32Array>>

/** What the members agreed on, and how sure they are of it. */
export interface Vote {
  readonly predictions: Predictions
  readonly groupProbabilities: Probabilities
}

export interface ReportedRun {
  /** Its name. */
  readonly preset: string
  readonly seed: number
  readonly data?: string
  readonly task: Task
  readonly members: readonly Omit<ReportedMember, 'scores'>[]
  readonly techniques: readonly TechniqueGain[]
  readonly systems: readonly SystemScores[]
  readonly vote: Vote
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
  vote: { predictions, groupProbabilities },
}: ReportedRun): ReportData => {
  const levels = levelNames(task.hierarchy)
  const finest = finestLevel(task.hierarchy)
  const judged: Judged = {
    hierarchy: task.hierarchy,
    predicted: predictions,
    actual: Object.fromEntries(
      levels.map((level) => [level, classNumbers(task.hierarchy, level, task.test)]),
    ),
    texts: task.test.map(({ text }) => text),
  }
  const truth = judged.actual[finest] ?? new Int32Array(0)
  const confidence = maxRows(groupProbabilities)
  const right = Array.from(predictions[finest] ?? [], (label, row) => label === truth[row])
  const scoresOf = (name: string) => systems.find(({ system }) => system === name)?.levels ?? {}
  const best = bestMember(systems, finest)
  return {
    title: 'Industry classification: what the ensemble can do',
    testName: task.testName,
    testRows: task.test.length,
    levels,
    systems: [
      { name: 'ensemble', levels: scoresOf('ensemble') },
      ...(best === undefined ? [] : [{ name: `best member, ${best.system}`, levels: best.levels }]),
      { name: 'naive Bayes', levels: scoresOf('naive Bayes') },
      { name: 'majority class', levels: scoresOf('majority class') },
    ],
    verdict: verdict(systems, finest),
    members: members.map((member) => ({ ...member, scores: scoresOf(member.name) })),
    techniques,
    confusions: levels.slice(0, -1).map((level) => levelConfusion(judged, level)),
    drillDown: drillDowns(judged),
    worst: worstConfusions(judged),
    reliability: {
      bins: reliabilityBins(groupProbabilities.data, groupProbabilities.classes, truth),
      expectedCalibrationError: expectedCalibrationError(
        groupProbabilities.data,
        groupProbabilities.classes,
        truth,
      ),
    },
    coverage: coverageCurve(confidence, right),
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

/** The highest probability of every row. */
const maxRows = ({ rows, classes, data }: Probabilities): Float32Array =>
  Float32Array.from({ length: rows }, (_, row) =>
    Math.max(...data.subarray(row * classes, (row + 1) * classes)),
  )
