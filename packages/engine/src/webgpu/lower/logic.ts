import type { Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import type { Lowering, LoweringTable } from './lowering.ts'

/** Booleans as integers; other types unchanged. */
const asNumber = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? g.cast(x, 'int32') : x)

const equal = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.binary('Equal', asNumber(g, a), asNumber(g, b), 'bool')

/** By De Morgan, as the provider has only And and Not. */
const or: Lowering = ({ g, input }) => g.not(g.binary('And', g.not(input(0)), g.not(input(1))))

/** Logic that the provider lacks. */
export const logic: LoweringTable = {
  Or: or,
  Xor: ({ g, input }) => g.not(equal(g, input(0), input(1))),
  Equal: ({ g, input }) => (input(0).dtype === 'bool' ? equal(g, input(0), input(1)) : undefined),
  IsNaN: ({ g, input }) => g.not(g.binary('Equal', input(0), input(0), 'bool')),
  IsInf: ({ g, input }) =>
    g.binary('Equal', g.unary('Abs', input(0)), g.scalar(Number.POSITIVE_INFINITY), 'bool'),
}
