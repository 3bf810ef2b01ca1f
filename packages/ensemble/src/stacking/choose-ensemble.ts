import { type Classification, finestLevel } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { logProbability, type PairedDifference, type Probabilities, pairedBootstrap } from '@kic/scores'
import { type EnsembleInput, parseEnsemble } from '../ensemble.ts'
import type { EnsembleErrorCode } from '../error-code.ts'
import { type Candidate, selectEnsemble } from '../select-ensemble.ts'
import { vote } from '../vote.ts'
import { rowFolds } from './row-folds.ts'
import { type StackEnsembleOptions, stackEnsemble } from './stack-ensemble.ts'

/** Ways to combine candidates: greedy selection of members, or stacking. */
export type EnsembleKind = 'selected' | 'stacked'

/** What a combination does on rows that neither it nor its members saw. */
export interface JudgedEnsemble {
  /** At the finest level. */
  readonly accuracy: number
  /** Mean −log p(class), in nats. */
  readonly logLoss: number
}

export interface ChosenEnsemble {
  readonly chosen: EnsembleKind
  /** The chosen kind, fitted to all rows. */
  readonly ensemble: EnsembleInput
  /** Figures of both on the half that they were not fitted to. */
  readonly judged: Readonly<Record<EnsembleKind, JudgedEnsemble>>
  /** Accuracy of the stack less that of the selection, with its 95 % interval. */
  readonly difference: PairedDifference
  /** How many rows judged. */
  readonly rows: number
}

/**
 * Chooses between `selectEnsemble` and `stackEnsemble` on held-out predictions. Both are fitted to one half of the rows and
 * judged on the other. The more accurate one is chosen where the paired bootstrap's interval of the difference leaves out 0,
 * else the one with the lower log-loss. It is then fitted to all rows.
 *
 * @param truth class numbers of the held-out rows, by level; -1 where unknown
 * @throws KicError `ensemble/labels` where a half has no row with a class of the finest level, and as `fitStack`
 */
export const chooseEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Readonly<Record<string, Int32Array>>,
  options: StackEnsembleOptions = {},
): Promise<ChosenEnsemble> => {
  const finest = finestLevel(classification)
  const labels = truth[finest] ?? new Int32Array(0)
  const { groups = Int32Array.from(labels.keys()), seed = 0 } = options
  const sides = rowFolds(groups, 2, seed)
  const [fitting, judging] = [rowsOf(sides, 0), rowsOf(sides, 1)]
  for (const rows of [fitting, judging]) {
    if (rows.some((row) => defined(labels[row]) >= 0)) continue
    throw new KicError<EnsembleErrorCode>(
      'ensemble/labels',
      `chooseEnsemble: each half of the rows needs some with a class of '${finest}', received none in one of ${rows.length}. Give more rows.`,
    )
  }
  const fit = (kind: EnsembleKind, rows?: readonly number[]): Promise<EnsembleInput> => {
    const [own, known] =
      rows === undefined ? [candidates, truth] : [at(candidates, rows), truthAt(truth, rows)]
    if (kind === 'selected') return selectEnsemble(classification, own, known)
    const ownGroups = rows === undefined ? groups : rows.map((row) => defined(groups[row]))
    return stackEnsemble(classification, own, known, { ...options, groups: ownGroups })
  }
  const known = judging.filter((row) => defined(labels[row]) >= 0)
  const judge = async (kind: EnsembleKind) =>
    judgedRows(
      await fit(kind, fitting),
      at(candidates, known),
      known.map((row) => defined(labels[row])),
    )
  const [selected, stacked] = [await judge('selected'), await judge('stacked')]
  const difference = pairedBootstrap(stacked.right, selected.right, {
    groups: known.map((row) => defined(groups[row])),
    seed,
  })
  const judged = { selected: meansOf(selected), stacked: meansOf(stacked) }
  const chosen = chosenOf(difference, judged)
  return { chosen, ensemble: await fit(chosen), judged, difference, rows: known.length }
}

const chosenOf = (
  { low, high }: PairedDifference,
  { selected, stacked }: Readonly<Record<EnsembleKind, JudgedEnsemble>>,
): EnsembleKind => {
  if (low > 0) return 'stacked'
  if (high < 0) return 'selected'
  return stacked.logLoss < selected.logLoss ? 'stacked' : 'selected'
}

const rowsOf = (sides: Int32Array, side: number): number[] =>
  Array.from(sides.keys()).filter((row) => sides[row] === side)

const at = (candidates: readonly Candidate[], rows: readonly number[]): Candidate[] =>
  candidates.map((candidate) => ({ ...candidate, probabilities: someRows(candidate.probabilities, rows) }))

const truthAt = (truth: Readonly<Record<string, Int32Array>>, rows: readonly number[]) =>
  Object.fromEntries(
    Object.entries(truth).map(([level, labels]) => [
      level,
      Int32Array.from(rows, (row) => defined(labels[row])),
    ]),
  )

const someRows = ({ classes, data }: Probabilities, rows: readonly number[]): Probabilities => {
  const some = new Float32Array(rows.length * classes)
  rows.forEach((row, i) => {
    some.set(data.subarray(row * classes, (row + 1) * classes), i * classes)
  })
  return { rows: rows.length, classes, data: some }
}

interface JudgedRows {
  /** 1 where the row's class was found. */
  readonly right: Float64Array
  readonly losses: Float64Array
}

const judgedRows = (
  input: EnsembleInput,
  candidates: readonly Candidate[],
  labels: readonly number[],
): JudgedRows => {
  const ensemble = parseEnsemble(input)
  const members = ensemble.members.flatMap(
    ({ name }) => candidates.find((one) => one.name === name)?.probabilities ?? [],
  )
  const { levels, finest } = vote(ensemble, members)
  const classes = levels[ensemble.levels.at(-1)?.name ?? '']?.classes
  return {
    right: Float64Array.from(labels, (label, row) => Number(classes?.[row] === label)),
    losses: Float64Array.from(
      labels,
      (label, row) => -logProbability(defined(finest.data[row * finest.classes + label])),
    ),
  }
}

const meansOf = ({ right, losses }: JudgedRows): JudgedEnsemble => {
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length
  return { accuracy: mean(right), logLoss: mean(losses) }
}
