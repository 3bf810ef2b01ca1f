import { expect, it } from 'vitest'
import type { Graph, Node, Value } from '../record/graph.ts'
import { peakBytes } from './peak-bytes.ts'

const value = (id: number, ...shape: number[]): Value => ({ id, dtype: 'float32', shape })
const node = (op: string, inputs: Value[], outputs: Value[]): Node => ({
  op,
  domain: '',
  inputs,
  outputs,
  attributes: {},
  origin: new Error(),
})
const [x, a, view, b, c, y] = [
  value(0, 100),
  value(1, 50),
  value(2, 5, 10),
  value(3, 30),
  value(4, 20),
  value(5, 900),
]
const graph = (nodes: readonly Node[]): Graph => ({
  inputs: [{ name: 'mask/0', value: x }],
  constants: [],
  nodes,
  outputs: [{ name: 'y', value: y }],
})

it('is the largest sum of the values that are still needed', () => {
  const chain = [
    node('Relu', [x], [a]),
    node('Relu', [a], [b]),
    node('Relu', [b], [c]),
    node('Relu', [c], [y]),
  ]
  expect(peakBytes(graph(chain))).toBe(4 * (50 + 30))
  const kept = [...chain.slice(0, 3), node('Add', [c, a], [y])]
  expect(peakBytes(graph(kept))).toBe(4 * (50 + 30 + 20))
})

it('counts a view once, as long as it is needed, and no value that nobody reads', () => {
  const viewed = [
    node('Relu', [x], [a]),
    node('Reshape', [a], [view]),
    node('Relu', [x], [b]),
    node('Add', [view, b], [y]),
  ]
  expect(peakBytes(graph(viewed))).toBe(4 * (50 + 30))
  expect(peakBytes(graph([node('Split', [x], [a, b]), node('Relu', [b], [y])]))).toBe(4 * 30)
})

it('counts selected inputs until their last use', () => {
  const nodes = [node('Relu', [x], [a]), node('Relu', [a], [b]), node('Relu', [b], [y])]
  expect(peakBytes(graph(nodes), (name) => name === 'mask/0')).toBe(4 * (100 + 50))
})
