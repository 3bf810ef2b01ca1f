import type { Node, Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'

/** A node to lower, with the new values of its inputs. */
export interface LoweredNode {
  readonly g: GraphBuilder
  readonly node: Node
  /** The new value of an input that the operator always has. */
  readonly input: (index: number) => Value
  readonly inputs: readonly (Value | undefined)[]
  /** The elements of an input that is a constant. */
  readonly ints: (index: number) => readonly number[]
  readonly output: Value
}

/** Replaces a node; `undefined` keeps it. */
export type Lowering = (node: LoweredNode) => Value | readonly Value[] | undefined

/** Lowerings by ONNX operator. */
export type LoweringTable = Readonly<Record<string, Lowering>>
