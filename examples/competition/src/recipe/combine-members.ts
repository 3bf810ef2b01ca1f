import { type Classification, finestLevel } from '@kic/classification'
import {
  type Candidate,
  type ChosenEnsemble,
  chooseEnsemble,
  type EnsembleInput,
  type EnsembleKind,
  selectEnsemble,
  stackEnsemble,
} from '@kic/ensemble'
import { leavingForSize, type SizeLimit } from './within-size.ts'

/** How the chosen ensemble combines its members: greedy weights, a stack, or whichever is better on rows that neither saw. */
export const COMBINATIONS = ['auto', 'selected', 'stacked'] as const
export type Combination = (typeof COMBINATIONS)[number]

/** Fewer validation rows are left to greedy weights: they would judge a stack by chance. */
export const LEAST_JUDGED_ROWS = 400

export interface CombineOptions {
  readonly combination: Combination
  /** The text of each validation row, as a number: equal texts judge together. */
  readonly groups: Int32Array
  /** The validation row of each changed copy, if candidates predicted copies. */
  readonly copyOf?: Int32Array | undefined
  readonly seed: number
  /** Told how many of all fits are done, where several are compared. */
  readonly onFit?: ((done: number, all: number) => void) | undefined
  /** What the members' files may take; default: anything. Members that leave for it do so before a second, last fit. */
  readonly size?: SizeLimit | undefined
}

/** An ensemble fitted to the validation rows. */
export interface CombinedMembers {
  readonly kind: EnsembleKind
  readonly ensemble: EnsembleInput
  /** What decided, where something was compared. */
  readonly judged?: Pick<ChosenEnsemble, 'judged' | 'difference' | 'rows'> | undefined
  /** The kind and its reason, as a sentence. */
  readonly reason: string
}

const NAMES: Readonly<Record<EnsembleKind, string>> = { selected: 'greedy weights', stacked: 'a stack' }

/**
 * Fits the ensemble for use to predictions of validation rows, which no member was trained on.
 *
 * @param truth class numbers of the validation rows, by level
 * @throws KicError as `chooseEnsemble`
 */
export const combineMembers = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Readonly<Record<string, Int32Array>>,
  { size, ...options }: CombineOptions,
): Promise<CombinedMembers> => {
  const combined = await combine(classification, candidates, truth, options)
  if (size === undefined) return combined
  const { left, bytes } = leavingForSize(combined.ensemble, size)
  if (left.length === 0) return combined
  const used = combined.ensemble.members.map(({ name }) => name).filter((name) => !left.includes(name))
  const staying = candidates.filter(({ name }) => used.includes(name))
  const again = await combine(classification, staying, truth, options)
  const megabytes = (count: number): string => `${Math.round(count / 1e6)} MB`
  return {
    ...again,
    reason:
      `${again.reason} Left out, so that the model takes at most ${megabytes(size.most)} (${megabytes(bytes)}): ` +
      `${left.join(', ')}; with them: ${combined.reason}`,
  }
}

const combine = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Readonly<Record<string, Int32Array>>,
  { combination, onFit, ...options }: Omit<CombineOptions, 'size'>,
): Promise<CombinedMembers> => {
  const { groups, copyOf } = options
  if (combination === 'auto' && groups.length >= LEAST_JUDGED_ROWS) {
    const {
      chosen: kind,
      ensemble,
      ...judged
    } = await chooseEnsemble(classification, candidates, truth, { ...options, onFit })
    return {
      kind,
      ensemble,
      judged,
      reason: reasonOf(kind, judged, finestLevel(classification), copyOf !== undefined),
    }
  }
  const kind = combination === 'stacked' ? 'stacked' : 'selected'
  const ensemble =
    kind === 'stacked'
      ? await stackEnsemble(classification, candidates, truth, options)
      : await selectEnsemble(classification, candidates, truth, options)
  const reason =
    combination === 'auto'
      ? `${groups.length} validation rows are too few to judge a stack, which takes ${LEAST_JUDGED_ROWS}`
      : 'as the option --combine demands'
  return { kind, ensemble, reason: `Members are combined by ${NAMES[kind]}: ${reason}.` }
}

const reasonOf = (
  kind: EnsembleKind,
  { judged, difference, rows }: NonNullable<CombinedMembers['judged']>,
  level: string,
  copied: boolean,
): string => {
  const { stacked, selected } = judged
  const points = (share: number): string => (100 * share).toFixed(2)
  const figures = ({ accuracy, logLoss }: typeof stacked): string =>
    `${points(accuracy)} % of ${level} right (log-loss ${logLoss.toFixed(4)})`
  return (
    `Members are combined by ${NAMES[kind]}: on ${rows} validation rows${copied ? ' and changed copies of them' : ''} ` +
    `that neither was fitted to, a stack has ` +
    `${figures(stacked)}, greedy weights ${figures(selected)}. The difference is ${points(difference.difference)} ` +
    `points, 95 % interval ${points(difference.low)} to ${points(difference.high)}.`
  )
}
