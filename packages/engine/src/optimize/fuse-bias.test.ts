import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { InputSpec } from '../record/record.ts'
import { drawn, furthest, input, opsOf, recorded, runGraph } from './__fixtures__/run-graph.ts'
import { fuseBias, useCounts } from './fuse-bias.ts'

type Fn = Parameters<typeof recorded>[1]
type Get = Parameters<Fn>[0]

const INPUTS: readonly InputSpec[] = [
  input('a', 3, 4),
  input('b', 4, 2),
  input('bt', 2, 4),
  input('at', 4, 3),
  input('batch', 2, 3, 4),
  input('bias', 2),
  input('column', 3, 1),
  input('matrix', 3, 2),
  { name: 'i', dtype: 'int32', shape: [2, 2] },
  { name: 'j', dtype: 'int32', shape: [2] },
]

const product = (x: Get): tf.Tensor => tf.matMul(x('a'), x('b'))

const compared = async (fn: Fn, wanted: readonly string[]): Promise<void> => {
  const graph = recorded(INPUTS, fn)
  const fused = fuseBias(graph)
  expect(opsOf(fused)).toEqual(wanted)
  const feeds = drawn(INPUTS)
  expect(furthest(await runGraph(fused, feeds), await runGraph(graph, feeds))).toBeLessThan(1e-6)
}

describe('fuseBias turns into a Gemm, with the same result,', () => {
  it.each<[string, Fn]>([
    ['a product plus a bias', (x) => ({ y: product(x).add(x('bias')) })],
    ['a bias plus a product', (x) => ({ y: x('bias').add(product(x)) })],
    [
      'a product of a transposed right operand',
      (x) => ({ y: tf.matMul(x('a'), x('bt'), false, true).add(x('bias')) }),
    ],
    [
      'a product of transposed operands',
      (x) => ({ y: tf.matMul(x('at'), x('bt'), true, true).add(x('bias')) }),
    ],
  ])('%s', (_, fn) => compared(fn, ['Gemm']))

  it('a chain of layers', () =>
    compared(
      (x) => ({ y: tf.matMul(product(x).add(x('bias')).relu(), x('bt')).add(tf.tensor1d([1, 2, 3, 4])) }),
      ['Gemm', 'Gemm', 'Relu'],
    ))
})

describe('fuseBias leaves alone', () => {
  it.each<[string, Fn, string[]]>([
    [
      'a product read twice',
      (x) => ({ y: product(x).add(x('bias')), z: product(x).exp() }),
      ['Add', 'Exp', 'MatMul'],
    ],
    [
      'a product that is also an output',
      (x) => ({ y: product(x).add(x('bias')), z: product(x) }),
      ['Add', 'MatMul'],
    ],
    ['a product of batches', (x) => ({ y: tf.matMul(x('batch'), x('b')).add(x('bias')) }), ['Add', 'MatMul']],
    ['a column', (x) => ({ y: product(x).add(x('column')) }), ['Add', 'MatMul']],
    ['a residual', (x) => ({ y: product(x).add(x('matrix')) }), ['Add', 'MatMul']],
    ['a product of integers', (x) => ({ y: tf.matMul(x('i'), x('i')).add(x('j')) }), ['Add', 'MatMul']],
  ])('%s', (_, fn, wanted) => compared(fn, wanted))
})

it('useCounts counts reads by nodes and outputs', () => {
  const graph = recorded(INPUTS, (x) => {
    const y = product(x)
    return { y, twice: y.mul(y), a: x('a') }
  })
  const counts = useCounts(graph)
  const named = (name: string) => graph.inputs.find((i) => i.name === name)?.value.id ?? -1
  const y = graph.outputs.find(({ name }) => name === 'y')?.value.id ?? -1
  expect([counts.get(named('a')), counts.get(named('b')), counts.get(y)]).toEqual([2, 1, 3])
})
