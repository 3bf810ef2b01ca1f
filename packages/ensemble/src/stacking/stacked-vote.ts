import { KicError } from '@kic/core'
import { type Probabilities, softmax } from '@kic/scores'
import type { EnsembleErrorCode } from '../error-code.ts'
import { checkedStackMembers } from './checked-stack-members.ts'
import { LEAST_PROBABILITY, type Stack, type StackMember } from './stack.ts'

/**
 * The combination of members' probabilities by a stack: softmax of its logits, [N, C].
 *
 * @param members in the order of the stack's weights
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/weights`
 */
export const stackedVote = (stack: Stack, members: readonly StackMember[]): Probabilities => {
  const { rows, classes } = checkedStackMembers('stackedVote', members)
  checkStack(stack, members.length, classes)
  const data = new Float32Array(rows * classes)
  const logits = new Float64Array(classes)
  const bias = Float64Array.from(stack.bias ?? new Float64Array(classes))
  for (let row = 0; row < rows; row++) {
    logits.set(bias)
    for (const [k, { data: own, classes: columns, ofClass }] of members.entries()) {
      const weight = stack.weights[k] ?? 0
      const deviations = stack.deviations?.[k]
      if (weight === 0 && deviations === undefined) continue
      const start = row * columns
      for (let c = 0; c < classes; c++) {
        const probability = own[start + (ofClass?.[c] ?? c)] ?? 0
        const log = Math.log(Math.max(probability, LEAST_PROBABILITY))
        logits[c] = (logits[c] ?? 0) + (weight + (deviations?.[c] ?? 0)) * log
      }
    }
    data.set(softmax(logits, { into: logits }), row * classes)
  }
  return { rows, classes, data }
}

const checkStack = ({ weights, bias, deviations }: Stack, members: number, classes: number): void => {
  const fits =
    weights.length === members &&
    (bias === undefined || bias.length === classes) &&
    (deviations === undefined ||
      (deviations.length === members && deviations.every((own) => own.length === classes)))
  if (fits) return
  throw new KicError<EnsembleErrorCode>(
    'ensemble/weights',
    `stackedVote: a stack must have a weight for each of ${members} members and a bias for each of ${classes} classes or none, ` +
      `received ${weights.length} and ${bias?.length ?? 'none'}. Give the members that it was fitted to.`,
  )
}
