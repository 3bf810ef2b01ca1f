import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { InputSpec } from '../record/record.ts'
import { drawn, furthest, input, opsOf, recorded, runGraph } from './__fixtures__/run-graph.ts'
import { foldScale } from './fold-scale.ts'

type Product = Parameters<typeof recorded>[1]

const INPUTS: readonly InputSpec[] = [
  input('a', 3, 4),
  input('b', 4, 2),
  input('c', 2, 4),
  input('s'),
  { name: 'i', dtype: 'int32', shape: [2, 2] },
]

const product: (x: (name: string) => tf.Tensor) => tf.Tensor = (x) => tf.matMul(x('a'), x('b'))

const compared = async (fn: Product, wanted: readonly string[]): Promise<void> => {
  const graph = recorded(INPUTS, fn)
  const folded = foldScale(graph)
  expect(opsOf(folded)).toEqual(wanted)
  const feeds = drawn(INPUTS)
  expect(furthest(await runGraph(folded, feeds), await runGraph(graph, feeds))).toBeLessThan(1e-6)
}

describe('foldScale folds into one node, with the same result,', () => {
  it.each<[string, Product]>([
    ['a product and a factor', (x) => ({ y: product(x).mul(0.3) })],
    ['a factor and a product', (x) => ({ y: tf.mul(0.3, product(x)) })],
    ['a product and a divisor', (x) => ({ y: product(x).div(8) })],
    ['a transposed product', (x) => ({ y: tf.matMul(x('a'), x('c'), false, true).div(-2) })],
  ])('%s', (_, fn) => compared(fn, ['FusedMatMul']))

  it('a product whose result is reshaped before the factor', () =>
    compared((x) => ({ y: product(x).reshape([6]).div(4) }), ['FusedMatMul', 'Reshape']))
})

describe('foldScale leaves alone', () => {
  it.each<[string, Product, string[]]>([
    [
      'a product read twice',
      (x) => ({ y: product(x).mul(2), z: product(x).exp() }),
      ['Exp', 'MatMul', 'Mul'],
    ],
    ['a product that is an output too', (x) => ({ y: product(x).mul(2), z: product(x) }), ['MatMul', 'Mul']],
    ['a factor that is an input', (x) => ({ y: product(x).mul(x('s')) }), ['MatMul', 'Mul']],
    ['a factor of several elements', (x) => ({ y: product(x).mul(tf.tensor1d([1, 2])) }), ['MatMul', 'Mul']],
    ['a number divided by a product', (x) => ({ y: tf.div(2, product(x)) }), ['Div', 'MatMul']],
    [
      'a product of integers',
      (x) => ({ y: tf.matMul(x('i'), x('i')).mul(tf.scalar(3, 'int32')) }),
      ['MatMul', 'Mul'],
    ],
  ])('%s', (_, fn, wanted) => compared(fn, wanted))

  it('a second factor, which remains a separate node', () =>
    compared((x) => ({ y: product(x).mul(2).relu().mul(3) }), ['FusedMatMul', 'Mul', 'Relu']))
})
