import type { Constant, GraphDType, Node, Value } from '../record/graph.ts'

/** One of the integer matrices that add up to an activation: (integers − zero) · scale. */
export interface ActivationTerm {
  /** uint8, of the activation's shape, at most 128. */
  readonly integers: Value
  /** float32 []. */
  readonly scale: Value
  /** uint8 []. */
  readonly zero: Value
}

/** What `activationTerms` needs from the graph that it extends. */
export interface TermScope {
  value(dtype: GraphDType, shape: readonly number[]): Value
  constant(constant: Omit<Constant, 'name'>): void
  node(op: string, inputs: readonly Value[], outputs: readonly Value[], attributes?: Node['attributes']): void
}

/** Steps of the second term within one step of the first: the remainder lies between -0.75 and 0.5 of it. */
const FINE_STEPS = 100
/** Offset of the second term's integers that keeps them non-negative: more than 0.75 · FINE_STEPS. */
const FINE_ZERO = 76

/** The constants that all activations of a graph share. */
export const termConstants = ({ value, constant }: TermScope) => {
  const scalar = (dtype: 'float32' | 'uint8', number: number): Value => {
    const made = value(dtype, [])
    constant({ value: made, data: { kind: 'fill', value: number } })
    return made
  }
  return {
    two: scalar('float32', 2),
    one: scalar('uint8', 1),
    fineStep: scalar('float32', 1 / FINE_STEPS),
    fineZero: scalar('uint8', FINE_ZERO),
  }
}

/**
 * An activation as the sum of two matrices of 7-bit integers, together nearly 14 bits: one with 128 steps over its
 * range at run time, and one for the remainder of the first.
 *
 * Seven bits, because `vpmaddubsw`, which multiplies uint8 by int8 on processors without VNNI, adds two products in 16
 * bits: 2 · 128 · 127 fits, 2 · 255 · 127 does not. Two terms, because floating-point results differ in the last digit
 * between processors, so an element between two steps may round either way; the second term restores the difference.
 */
export const activationTerms = (
  activation: Value,
  { two, one, fineStep, fineZero }: ReturnType<typeof termConstants>,
  { value, node }: TermScope,
): readonly [ActivationTerm, ActivationTerm] => {
  const { shape } = activation
  // Only step and zero of the 8-bit quantisation are used: doubled and halved, they are those of 7 bits.
  const [unused, halfStep, doubleZero] = [
    value('uint8', shape),
    value('float32', []),
    value('uint8', []),
  ] as const
  node('DynamicQuantizeLinear', [activation], [unused, halfStep, doubleZero])
  const [step, zero, coarse] = [value('float32', []), value('uint8', []), value('uint8', shape)] as const
  node('Mul', [halfStep, two], [step])
  node('BitShift', [doubleZero, one], [zero], { direction: 'RIGHT' })
  node('QuantizeLinear', [activation, step, zero], [coarse])
  const [approximation, remainder] = [value('float32', shape), value('float32', shape)] as const
  node('DequantizeLinear', [coarse, step, zero], [approximation])
  node('Sub', [activation, approximation], [remainder])
  const [scale, fine] = [value('float32', []), value('uint8', shape)] as const
  node('Mul', [step, fineStep], [scale])
  node('QuantizeLinear', [remainder, scale, fineZero], [fine])
  return [
    { integers: coarse, scale: step, zero },
    { integers: fine, scale, zero: fineZero },
  ]
}
