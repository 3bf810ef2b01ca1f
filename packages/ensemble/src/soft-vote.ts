import { defined, KicError } from '@kic/core'
import { type Probabilities, softmax, temperedLogs } from '@kic/scores'
import { checkedMembers } from './checked-members.ts'
import type { EnsembleErrorCode } from './error-code.ts'

export interface SoftVoteOptions {
  /** A weight for each member; default: equal weights. They are scaled to sum 1. */
  readonly weights?: readonly number[] | undefined
  /**
   * The quantity that is averaged. `probability` (default): the arithmetic mean. `log`: logarithms, scaled to sum 1
   * afterwards, which is the geometric mean; one member with a probability near 0 can rule a class out. Probabilities below
   * 2⁻¹²⁶ count as 2⁻¹²⁶.
   */
  readonly space?: 'probability' | 'log' | undefined
  /**
   * A temperature T for each member, applied first: p becomes p^(1/T), scaled to sum 1. This equals dividing its logits by T.
   * Above 1 softens. Default: 1.
   */
  readonly temperatures?: readonly number[] | undefined
}

/**
 * Soft voting: the weighted mean of the members' probabilities. Sums are float64.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/weights`, `ensemble/temperatures`, `ensemble/space`
 */
export const softVote = (
  members: readonly Probabilities[],
  { weights, temperatures, space = 'probability' }: SoftVoteOptions = {},
): Probabilities => {
  const { rows, classes } = checkedMembers('softVote', members)
  const shares = checkedWeights('softVote', members.length, weights)
  const heats = checkedTemperatures('softVote', members.length, temperatures)
  if (space !== 'probability' && space !== 'log') {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/space',
      `softVote: space must be 'probability' or 'log', received '${space}'. Use one of them.`,
    )
  }
  const total = shares.reduce((a, b) => a + b, 0)
  const data = new Float32Array(rows * classes)
  const sum = new Float64Array(classes)
  const tempered = new Float64Array(classes)
  for (let row = 0; row < rows; row++) {
    const offset = row * classes
    sum.fill(0)
    for (let k = 0; k < members.length; k++) {
      const member = defined(members[k]).data
      const share = defined(shares[k])
      const heat = defined(heats[k])
      if (share === 0) continue
      if (space === 'probability' && heat === 1) {
        for (let c = 0; c < classes; c++) sum[c] = defined(sum[c]) + share * defined(member[offset + c])
        continue
      }
      // In log space, the last softmax replaces the member's own normalisation, which is the same for all classes.
      temperedLogs(member.subarray(offset, offset + classes), heat, tempered)
      if (space === 'probability') softmax(tempered, { into: tempered })
      for (let c = 0; c < classes; c++) sum[c] = defined(sum[c]) + share * defined(tempered[c])
    }
    for (let c = 0; c < classes; c++) sum[c] = defined(sum[c]) / total
    if (space === 'log') softmax(sum, { into: sum })
    data.set(sum, offset)
  }
  return { rows, classes, data }
}

/** @throws KicError `ensemble/weights` */
export const checkedWeights = (
  caller: string,
  members: number,
  weights: readonly number[] = new Array<number>(members).fill(1),
): readonly number[] => {
  const total = weights.reduce((a, b) => a + b, 0)
  if (weights.length === members && weights.every((w) => w >= 0) && total > 0 && Number.isFinite(total))
    return weights
  throw new KicError<EnsembleErrorCode>(
    'ensemble/weights',
    `${caller}: ${members} members need as many weights, none negative and not all zero, received [${weights}]. Correct them.`,
  )
}

/** @throws KicError `ensemble/temperatures` */
const checkedTemperatures = (
  caller: string,
  members: number,
  temperatures: readonly number[] = new Array<number>(members).fill(1),
): readonly number[] => {
  if (temperatures.length === members && temperatures.every((t) => t > 0 && Number.isFinite(t)))
    return temperatures
  throw new KicError<EnsembleErrorCode>(
    'ensemble/temperatures',
    `${caller}: ${members} members need as many temperatures above 0, received [${temperatures}]. Correct them.`,
  )
}
