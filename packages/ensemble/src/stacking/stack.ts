import type { Probabilities } from '@kic/scores'

/** How a level's members are combined: logit_c = Σ_k (weights_k + deviations_k,c) · log p_k,c + bias_c. */
export interface Stack {
  /** A weight for each member, [K]. */
  readonly weights: readonly number[]
  /** A bias for each class, [C]; none where it would not generalise. */
  readonly bias?: readonly number[] | undefined
  /** How much each member's weight differs at each class, [K][C]; none where it would not generalise. */
  readonly deviations?: readonly (readonly number[])[] | undefined
}

/** A member's probabilities, seen from the classes of a level. */
export interface StackMember extends Probabilities {
  /** For each class of the level the member's column, [C]: of a coarser member the class above. Default: its own. */
  readonly ofClass?: Int32Array | undefined
}

/**
 * Logarithms are taken of at least this, the least number above 0 of float16: stored predictions of either precision then
 * say the same.
 */
export const LEAST_PROBABILITY = 2 ** -24

/** C of the level that a member is seen from. */
export const classesSeen = ({ classes, ofClass }: StackMember): number => ofClass?.length ?? classes
