import type { Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import { where } from '../../record/kernels/where.ts'
import type { Lowering, LoweringTable } from './lowering.ts'

const numbers =
  (compute: (g: GraphBuilder, x: Value) => Value): Lowering =>
  ({ g, input }) =>
    compute(g, input(0))

const zeroOf = (g: GraphBuilder, x: Value): Value => g.scalar(0, x.dtype)

/** 1, 0 or -1. NaN gives 0. */
const sign = (g: GraphBuilder, x: Value): Value => {
  const is = (op: string): Value => g.cast(g.binary(op, x, zeroOf(g, x), 'bool'), x.dtype)
  return g.binary('Sub', is('Greater'), is('Less'))
}

/** Half to even. */
const round = (g: GraphBuilder, x: Value): Value => {
  const floor = g.unary('Floor', x)
  const rest = g.binary('Sub', x, floor)
  const above = g.binary('Add', floor, g.scalar(1))
  const half = g.scalar(0.5)
  const even = g.binary('Mul', g.unary('Floor', g.binary('Mul', above, half)), g.scalar(2))
  const up = where(g, g.binary('Greater', rest, half, 'bool'), above, even)
  return where(g, g.binary('Less', rest, half, 'bool'), floor, up)
}

/** ONNX's constants: γ · (x > 0 ? x : α · (exp(x) - 1)). */
const selu = (g: GraphBuilder, x: Value): Value => {
  const [alpha, gamma] = [1.6732631921768188, 1.0507010221481323]
  const negative = g.binary('Mul', g.binary('Sub', g.unary('Exp', x), g.scalar(1)), g.scalar(alpha))
  const either = where(g, g.binary('Greater', x, zeroOf(g, x), 'bool'), x, negative)
  return g.binary('Mul', either, g.scalar(gamma))
}

/** The rest of a division that truncates. */
const mod: Lowering = ({ g, input }) => {
  const [a, b] = [input(0), input(1)]
  const quotient = g.binary('Div', a, b)
  const whole =
    a.dtype === 'int32'
      ? quotient
      : where(
          g,
          g.binary('Less', quotient, g.scalar(0), 'bool'),
          g.unary('Ceil', quotient),
          g.unary('Floor', quotient),
        )
  return g.binary('Sub', a, g.binary('Mul', whole, b))
}

/** Arithmetic that the provider lacks. Where it lacks only integers, floats keep their operator. */
export const arithmetic: LoweringTable = {
  Sign: numbers(sign),
  Round: numbers(round),
  Selu: numbers(selu),
  Mod: mod,
  Abs: ({ g, input }) =>
    input(0).dtype === 'int32'
      ? g.binary('Max', input(0), g.binary('Sub', zeroOf(g, input(0)), input(0)))
      : undefined,
  Neg: ({ g, input }) =>
    input(0).dtype === 'int32' ? g.binary('Sub', zeroOf(g, input(0)), input(0)) : undefined,
}
