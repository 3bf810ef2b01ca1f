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

/** More would fit stacks more often, which take most of the time. */
const FOLDS = 2

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
  /** Figures of both on rows of the half that they were not fitted to. */
  readonly judged: Readonly<Record<EnsembleKind, JudgedEnsemble>>
  /** Accuracy of the stack less that of the selection, with its 95 % interval. */
  readonly difference: PairedDifference
  /** How many rows judged, copies among them. */
  readonly rows: number
}

export interface ChooseEnsembleOptions extends StackEnsembleOptions {
  /** Told after each fit how many of all are done: a stack of many members takes minutes. */
  readonly onFit?: ((done: number, all: number) => void) | undefined
}

/** Both kinds on each side, and the chosen one on all rows. */
const FITS = 2 * FOLDS + 1

/**
 * Chooses between `selectEnsemble` and `stackEnsemble` on held-out predictions, by cross-fitting: both are fitted to one half of the
 * rows and judged on the other, and the other way round, so that every row, with its copies, is judged by fits that saw neither. The more accurate one
 * is chosen where the paired bootstrap's interval of the difference leaves out 0, else the one with the lower log-loss. It is then
 * fitted to all rows.
 *
 * @param truth class numbers of the held-out rows, by level; -1 where unknown
 * @throws KicError `ensemble/labels` where a half has no row with a class of the finest level, and as `fitStack`
 */
export const chooseEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
  { onFit, ...options }: ChooseEnsembleOptions = {},
): Promise<ChosenEnsemble> => {
  const finest = finestLevel(classification)
  const labels = truth[finest] ?? new Int32Array(0)
  const all = heldOut('chooseEnsemble', classification, candidates, truth, options)
  const { seed = 0 } = options
  const folds = rowFolds(all.groups, FOLDS, seed)
  const known = Array.from(labels.keys()).filter((row) => defined(labels[row]) >= 0)
  const sides = Array.from({ length: FOLDS }, (_, fold) => known.filter((row) => folds[row] === fold))
  if (sides.some((side) => side.length === 0)) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/labels',
      `chooseEnsemble: each half of the rows must have some with a class of '${finest}', received ${sides.map((side) => side.length).join(' and ')}. Give more rows.`,
    )
  }
  let fits = 0
  const fit = async (
    kind: EnsembleKind,
    { candidates, truth, groups, copyOf }: HeldOut,
  ): Promise<EnsembleInput> => {
    const combine = kind === 'selected' ? selectEnsemble : stackEnsemble
    const fitted = await combine(classification, candidates, truth, { ...options, groups, copyOf })
    onFit?.(++fits, FITS)
    return fitted
  }
  const selected: JudgedRow[] = []
  const stacked: JudgedRow[] = []
  for (const [fold, side] of sides.entries()) {
    const others = someHeldOut(
      all,
      Array.from(folds.keys()).filter((row) => folds[row] !== fold),
    )
    const own = withCopies(someHeldOut(all, side))
    selected.push(...judgedRows(await fit('selected', others), own, finest))
    stacked.push(...judgedRows(await fit('stacked', others), own, finest))
  }
  const rightOf = (rows: readonly JudgedRow[]): number[] => rows.map(({ right }) => right)
  const difference = pairedBootstrap(rightOf(stacked), rightOf(selected), {
    groups: selected.map(({ group }) => group),
    seed,
  })
  const judged = { selected: meansOf(selected), stacked: meansOf(stacked) }
  const chosen = chosenOf(difference, judged)
  return { chosen, ensemble: await fit(chosen, all), judged, difference, rows: selected.length }
}

const chosenOf = (
  { low, high }: PairedDifference,
  { selected, stacked }: Readonly<Record<EnsembleKind, JudgedEnsemble>>,
): EnsembleKind => {
  if (low > 0) return 'stacked'
  if (high < 0) return 'selected'
  return stacked.logLoss < selected.logLoss ? 'stacked' : 'selected'
}

/** A row or copy, by a combination that saw neither. */
interface JudgedRow {
  readonly group: number
  /** 1 where its class was found. */
  readonly right: number
  /** −log p(class) */
  readonly loss: number
}

const judgedRows = (
  input: EnsembleInput,
  { candidates, truth, groups }: HeldOut,
  finestLevel: string,
): JudgedRow[] => {
  const ensemble = parseEnsemble(input)
  const members = ensemble.members.flatMap(
    ({ name }) => candidates.find((one) => one.name === name)?.probabilities ?? [],
  )
  const { levels, finest } = vote(ensemble, members)
  const classes = levels[finestLevel]?.classes
  return Array.from(defined(truth[finestLevel]), (label, row) => ({
    group: defined(groups[row]),
    right: Number(classes?.[row] === label),
    loss: -logProbability(defined(finest.data[row * finest.classes + label])),
  }))
}

const meansOf = (rows: readonly JudgedRow[]): JudgedEnsemble => {
  const mean = (of: (row: JudgedRow) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  return { accuracy: mean(({ right }) => right), logLoss: mean(({ loss }) => loss) }
}
