import { KicError } from '@kic/core'
import { type Probabilities, softmax, temperedLogs } from '@kic/scores'
import { checkedMembers } from './checked-members.ts'
import type { EnsembleErrorCode } from './error-code.ts'

export interface SoftVoteOptions {
  /** A weight for each member; default: equal ones. They are scaled to sum 1. */
  readonly weights?: readonly number[]
  /**
   * What is averaged: `probability` (default), the arithmetic mean, or `log`, logarithms, scaled to sum 1 afterwards: the
   * geometric mean, in which one member that is sure against a class can rule it out. Logarithms are taken of at least 2⁻¹²⁶.
   */
  readonly space?: 'probability' | 'log'
  /**
   * A temperature for each member, applied first: p becomes p^(1/T), scaled to sum 1, as if its logits had been divided by T.
   * Above 1 softens. Default: 1.
   */
  readonly temperatures?: readonly number[]
}

/**
 * Soft voting: the weighted mean of the members' probabilities. Sums are made in float64.
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
      `softVote: space must be 'probability' or 'log', received '${space}'.`,
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
      const member = members[k]?.data
      const share = shares[k] ?? 0
      const heat = heats[k] ?? 1
      if (share === 0 || !member) continue
      if (space === 'probability' && heat === 1) {
        for (let c = 0; c < classes; c++) sum[c] = (sum[c] ?? 0) + share * (member[offset + c] ?? 0)
        continue
      }
      // A member's own normalisation is the same for all classes, so in log space the last softmax makes up for it.
      temperedLogs(member.subarray(offset, offset + classes), heat, tempered)
      if (space === 'probability') softmax(tempered, { into: tempered })
      for (let c = 0; c < classes; c++) sum[c] = (sum[c] ?? 0) + share * (tempered[c] ?? 0)
    }
    for (let c = 0; c < classes; c++) sum[c] = (sum[c] ?? 0) / total
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
    `${caller}: ${members} members need as many weights, none negative and not all zero; got [${weights}]`,
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
    `${caller}: ${members} members need as many temperatures, all above 0; got [${temperatures}]`,
  )
}
