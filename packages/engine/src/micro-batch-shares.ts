import { defined, KicError } from '@kic/core'
import type { StepSettings } from './contract.ts'
import type { EngineErrorCode } from './error-code.ts'

/** A smaller total counts as no weight: the update has neither loss nor gradient. */
const LEAST_WEIGHT = 1e-20

/** The result of one micro-batch. */
export interface MicroBatchLoss {
  /** A mean. */
  readonly loss: number
  /** The weights that the loss declared, one per mean that it consists of; empty if it declares none. */
  readonly weights: ArrayLike<number>
}

/** The factors of a micro-batch's loss before differentiation. */
export interface Seed {
  /** The factor for a loss that declares no weight. */
  readonly share: number
  /** 1 if a declared weight replaces the share, otherwise 0. */
  readonly told: 0 | 1
}

/** A step's loss, and the factor that turns its summed gradient into a mean. */
export interface Accumulated {
  readonly loss: number
  /** The sum of declared weights; `undefined` if the loss declares none. */
  readonly weight: number | undefined
  /** The gradient is this factor times the sum over micro-batches. */
  readonly factor: number
}

/**
 * Factors of micro-batches, before any of them has run. A single micro-batch and micro-batches with equal shares need
 * no weights.
 *
 * @throws KicError `engine/weights` for invalid weights
 */
export const seedsOf = (
  count: number,
  { weights, accumulationMean = 'exact' }: StepSettings,
): readonly Seed[] => {
  if (accumulationMean === 'equal')
    return Array.from({ length: count }, () => ({ share: 1 / count, told: 0 }))
  const told = count === 1 ? 0 : 1
  const given = weights ?? Array.from({ length: count }, () => 1)
  const total = given.reduce((sum, weight) => sum + weight, 0)
  if (
    given.length !== count ||
    !given.every((weight) => weight >= 0) ||
    !(total > 0 && total < Number.POSITIVE_INFINITY)
  ) {
    throw new KicError<EngineErrorCode>(
      'engine/weights',
      `trainStep: weights must be ${count} numbers of at least 0, one per micro-batch, and not all 0, received [${given}]. ` +
        'Pass the rows or tokens of each micro-batch, or no weights.',
    )
  }
  return given.map((weight) => ({ share: weight / total, told }))
}

/**
 * The loss of all micro-batches together, and the factor of their gradients.
 *
 * @throws KicError `engine/loss-weights` if the loss consists of means that weigh the micro-batches differently
 */
export const accumulated = (losses: readonly MicroBatchLoss[], seeds: readonly Seed[]): Accumulated => {
  const told = losses.map(({ weights }) => weights[0])
  const total = told.reduce<number | undefined>(
    (sum, weight) => (weight === undefined ? sum : (sum ?? 0) + weight),
    undefined,
  )
  if (total !== undefined && total < LEAST_WEIGHT) return { loss: 0, weight: 0, factor: 0 }
  const byWeight = seeds.some((seed) => seed.told === 1) && total !== undefined
  if (byWeight) checkAlike(losses)
  const factor = byWeight ? 1 / total : 1
  const loss = losses.reduce((sum, { loss }, i) => {
    const share = byWeight ? defined(told[i]) * factor : defined(seeds[i]).share
    return sum + share * loss
  }, 0)
  return { loss, weight: total, factor }
}

/** Shares of one micro-batch that differ by more than this cannot come from one weight in float32. */
const TOLERANCE = 1e-5

const checkAlike = (losses: readonly MicroBatchLoss[]): void => {
  const parts = defined(losses[0]).weights.length
  const shares = Array.from({ length: parts }, (_, part) => {
    const weights = losses.map((loss) => loss.weights[part] ?? 0)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => (total === 0 ? 0 : weight / total))
  })
  const differing = shares.find((share) =>
    share.some((x, i) => Math.abs(x - defined(shares[0]?.[i])) > TOLERANCE),
  )
  if (differing === undefined && losses.every(({ weights }) => weights.length === parts)) return
  const shown = (share: readonly number[] = []) => `[${share.map((x) => x.toFixed(4)).join(', ')}]`
  throw new KicError<EngineErrorCode>(
    'engine/loss-weights',
    'trainStep: the means of a loss must weigh the micro-batches alike, received shares of ' +
      `${shown(shares[0])} and ${shown(differing)}, for which no accumulation equals one large batch. Return { loss, weight } with the ` +
      "weight to accumulate by, set accumulationMean to 'equal', or use one micro-batch per update.",
  )
}
