import type { DType } from '@kic/safetensors'

/**
 * Element types inside a graph: those of the host, int64, which ONNX requires for indices and shapes, and the smaller
 * ones of exported weights.
 */
export type GraphDType = DType | 'int64' | 'int8' | 'uint8' | 'float16'

/** A tensor that a recorded graph computes, receives or holds. */
export interface Value {
  readonly id: number
  readonly dtype: GraphDType
  readonly shape: readonly number[]
}

/** float16 is a Uint16Array of its bits. */
export type ConstantArray = Float32Array | Int32Array | Uint8Array | BigInt64Array | Int8Array | Uint16Array

/** Contents of a constant: all elements, or one that fills the shape. */
export type ConstantData =
  | { readonly kind: 'fill'; readonly value: number }
  | { readonly kind: 'array'; readonly data: ConstantArray }

export interface Constant {
  /** The name of a weight; other constants have none. */
  readonly name?: string | undefined
  readonly value: Value
  readonly data: ConstantData
}

/** A named input of the graph. */
export interface GraphInput {
  readonly name: string
  readonly value: Value
}

export type Attribute = number | string | readonly number[] | { readonly float: number }
export type Attributes = Readonly<Record<string, Attribute>>

/** One ONNX operator application. `undefined` inputs are left out, as ONNX allows for optional ones. */
export interface Node {
  readonly op: string
  /** '' is the ONNX standard domain. */
  readonly domain: string
  readonly inputs: readonly (Value | undefined)[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
  /** The call in user code; its stack is formatted only when read. */
  readonly origin: Error
}

/** A recorded tensor function: single assignment, in topological order. */
export interface Graph {
  readonly inputs: readonly GraphInput[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly { readonly name: string; readonly value: Value }[]
}

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Whether two shapes are equal. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i])
