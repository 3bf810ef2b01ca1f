import { type Classification, finestLevel } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { logProbability, type PairedDifference, pairedBootstrap } from '@kic/scores'
import { type EnsembleInput, parseEnsemble } from '../ensemble.ts'
import type { EnsembleErrorCode } from '../error-code.ts'
import { type Candidate, type HeldOut, heldOut, someHeldOut, type Truth, withCopies } from '../held-out.ts'
import { selectEnsemble } from '../select-ensemble.ts'
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
  /** How many rows judged, copies among them. */
  readonly rows: number
}

/**
 * Chooses between `selectEnsemble` and `stackEnsemble` on held-out predictions. Both are fitted to one half of the rows and
 * judged on the other, copies among them. The more accurate one is chosen where the paired bootstrap's interval of the difference leaves out 0,
 * else the one with the lower log-loss. It is then fitted to all rows.
 *
 * @param truth class numbers of the held-out rows, by level; -1 where unknown
 * @throws KicError `ensemble/labels` where a half has no row with a class of the finest level, and as `fitStack`
 */
export const chooseEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
  options: StackEnsembleOptions = {},
): Promise<ChosenEnsemble> => {
  const finest = finestLevel(classification)
  const labels = truth[finest] ?? new Int32Array(0)
  const all = heldOut('chooseEnsemble', classification, candidates, truth, options)
  const { seed = 0 } = options
  const sides = rowFolds(all.groups, 2, seed)
  const [fitting, judging] = [rowsOf(sides, 0), rowsOf(sides, 1)]
  for (const rows of [fitting, judging]) {
    if (rows.some((row) => defined(labels[row]) >= 0)) continue
    throw new KicError<EnsembleErrorCode>(
      'ensemble/labels',
      `chooseEnsemble: each half of the rows needs some with a class of '${finest}', received none in one of ${rows.length}. Give more rows.`,
    )
  }
  const fit = (
    kind: EnsembleKind,
    { candidates, truth, groups, copyOf }: HeldOut,
  ): Promise<EnsembleInput> => {
    const combine = kind === 'selected' ? selectEnsemble : stackEnsemble
    return combine(classification, candidates, truth, { ...options, groups, copyOf })
  }
  const known = withCopies(
    someHeldOut(
      all,
      judging.filter((row) => defined(labels[row]) >= 0),
    ),
  )
  const judge = async (kind: EnsembleKind) =>
    judgedRows(await fit(kind, someHeldOut(all, fitting)), known.candidates, defined(known.truth[finest]))
  const [selected, stacked] = [await judge('selected'), await judge('stacked')]
  const difference = pairedBootstrap(stacked.right, selected.right, {
    groups: known.groups,
    seed,
  })
  const judged = { selected: meansOf(selected), stacked: meansOf(stacked) }
  const chosen = chosenOf(difference, judged)
  return { chosen, ensemble: await fit(chosen, all), judged, difference, rows: known.groups.length }
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

interface JudgedRows {
  /** 1 where the row's class was found. */
  readonly right: Float64Array
  readonly losses: Float64Array
}

const judgedRows = (
  input: EnsembleInput,
  candidates: readonly Candidate[],
  labels: Int32Array,
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
