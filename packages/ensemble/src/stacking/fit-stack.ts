import { defined, KicError } from '@kic/core'
import type { EnsembleErrorCode } from '../error-code.ts'
import { chooseRidge } from './choose-ridge.ts'
import { minimize } from './minimize.ts'
import type { Stack, StackMember } from './stack.ts'
import { type StackRidge, stackObjective } from './stack-objective.ts'
import { stackRows } from './stack-rows.ts'

export interface FitStackOptions {
  /** Rows of one group, such as equal texts, are on one side of each inner split, [N]; default: each row on its own. */
  readonly groups?: ArrayLike<number> | undefined
  /** Of the inner splits. */
  readonly seed?: number | undefined
  /** Whether weights stay at 0 or above (Breiman 1996); default true. */
  readonly nonNegative?: boolean | undefined
  /** The penalties; default: chosen by cross-validation. */
  readonly ridge?: StackRidge | undefined
  /** The fit ends where no entry of the mean loss's gradient is larger; default 1e-5, far less than rows can tell. */
  readonly tolerance?: number | undefined
}

/** A stack, and how it was found. */
export interface FittedStack {
  readonly stack: Stack
  readonly ridge: StackRidge
  /** Mean −log p(label) of the rows used, with the stack and its penalties as chosen: it saw them. */
  readonly loss: number
  /** How many rows have a label. */
  readonly rows: number
}

/**
 * Fits a stack to held-out predictions: weights of members and biases of classes with the least cross-entropy and squared
 * penalties. Stacked generalisation: Wolpert 1992, doi:10.1016/S0893-6080(05)80023-1, on probabilities as Ting & Witten
 * 1999, arXiv:1105.5466; penalties and weights of 0 or above: Breiman 1996, doi:10.1007/BF00117832.
 *
 * @param members probabilities of rows that no member was trained on, out-of-fold or validation rows, [N, C]
 * @param labels class number of each row, or -1, [N]
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/labels`, `ensemble/not-converged`
 */
export const fitStack = (
  members: readonly StackMember[],
  labels: ArrayLike<number>,
  { groups, seed = 0, nonNegative = true, ridge: given, tolerance = 1e-5 }: FitStackOptions = {},
): FittedStack => {
  const rows = stackRows('fitStack', members, labels)
  if (groups !== undefined && groups.length !== labels.length) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/labels',
      `fitStack: every row needs a group, received ${groups.length} for ${labels.length} rows. Give one for each, or none.`,
    )
  }
  const { ridge, found } =
    given === undefined
      ? chooseRidge(rows, {
          groups: groups === undefined ? rows.source : rows.source.map((row) => defined(groups[row])),
          seed,
          nonNegative,
        })
      : { ridge: given, found: [] }
  const { objective, start, curvature, stack, losses } = stackObjective(rows, ridge)
  // Stacks of four fifths of the rows are near.
  if (found[0] !== undefined) start.set(found[0])
  const { at, converged, iterations } = minimize(objective, start, {
    tolerance: tolerance * rows.rows,
    curvature: curvature(start),
    nonNegative: nonNegative ? rows.members : 0,
  })
  if (!converged) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/not-converged',
      `fitStack: a fit must end where the loss is least, received none after ${iterations} steps with the penalties ` +
        `${JSON.stringify(ridge)}. Give larger penalties.`,
    )
  }
  const loss = losses(at).reduce((sum, one) => sum + one, 0) / rows.rows
  return { stack: stack(at), ridge, loss, rows: rows.rows }
}
