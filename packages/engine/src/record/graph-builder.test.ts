import type { HostTensor } from '@kic/safetensors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runGraph } from '../optimize/__fixtures__/run-graph.ts'
import {
  elementwise,
  expanded,
  operatorsOf,
  type Reference,
  reduced,
  reshaped,
  transposed,
} from './__fixtures__/array-reference.ts'
import { sizeOf, type Value } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'
import { where } from './kernels/where.ts'

/** A value of the graph with the array that it must equal. */
interface Pair {
  readonly value: Value
  readonly array: Reference
}

const SPECIAL = [0, -0, 1, -1, 2, 0.5, -3.25, 1e-40, 3e38, Number.NaN, Number.POSITIVE_INFINITY] as const
const SHAPES: readonly (readonly number[])[] = [[], [1], [3], [2, 3], [2, 1], [1, 3], [2, 1, 3], [0], [2, 0]]

const ARITHMETIC: readonly (readonly [op: string, compute: (a: number, b: number) => number])[] = [
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => a / b],
]

const hosted = ({ dtype, shape, data }: Reference): HostTensor => {
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(data) }
  return { dtype, shape, data: dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data) }
}

const broadcasts = (a: readonly number[], b: readonly number[]): boolean =>
  [...a].reverse().every((d, i) => {
    const other = b[b.length - 1 - i] ?? 1
    return d === other || d === 1 || other === 1
  })

/** Draws numbers from a list of fast-check, which can shrink it. */
class Choices {
  #next = 0
  constructor(readonly numbers: readonly number[]) {}

  below(limit: number): number {
    return (this.numbers[this.#next++] ?? 0) % limit
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }
}

/** Calls the builder at random; the same calls compute the arrays. */
const program = (
  graph: GraphBuilder,
  choices: Choices,
): { pairs: Pair[]; feeds: Record<string, HostTensor> } => {
  const pairs: Pair[] = []
  const feeds: Record<string, HostTensor> = {}
  const elements = (size: number, dtype: Reference['dtype']): number[] =>
    Array.from({ length: size }, () => {
      if (dtype === 'bool') return choices.below(2)
      return dtype === 'int32' ? choices.below(7) - 3 : Math.fround(choices.of(SPECIAL))
    })
  for (let i = 0; i < 3; i++) {
    const [shape, dtype] = [choices.of(SHAPES), choices.of(['float32', 'float32', 'int32', 'bool'] as const)]
    const array = { dtype, shape, data: elements(sizeOf(shape), dtype) }
    feeds[`x${i}`] = hosted(array)
    pairs.push({ array, value: graph.input(`x${i}`, dtype, shape) })
  }
  for (let i = 0; i < 8; i++) {
    const made = call(graph, choices, pairs, elements)
    if (made !== undefined && made.array.shape.length < 6) pairs.push(made)
  }
  return { pairs, feeds }
}

const call = (
  graph: GraphBuilder,
  choices: Choices,
  pairs: readonly Pair[],
  elements: (size: number, dtype: Reference['dtype']) => number[],
): Pair | undefined => {
  const { value, array } = choices.of(pairs)
  const { dtype, shape } = array
  const other = (test: (pair: Pair) => boolean): Pair | undefined => {
    const fitting = pairs.filter(test)
    return fitting.length === 0 ? undefined : choices.of(fitting)
  }
  switch (choices.below(9)) {
    case 0: {
      const like = choices.of(['float32', 'int32', 'bool'] as const)
      const element = elements(1, like)[0] ?? 0
      const target = choices.of(SHAPES)
      return {
        value: graph.fill(element, like, target),
        array: { dtype: like, shape: target, data: new Array<number>(sizeOf(target)).fill(element) },
      }
    }
    case 1: {
      const data = elements(3, 'float32')
      return {
        value: graph.constant(Float32Array.from(data), 'float32', [3]),
        array: { dtype: 'float32', shape: [3], data },
      }
    }
    case 2:
    case 3: {
      const b = other((pair) => pair.array.dtype === dtype && broadcasts(pair.array.shape, shape))
      if (b === undefined) return undefined
      if (dtype === 'bool') {
        return {
          value: graph.binary('And', value, b.value),
          array: elementwise('bool', (x, y) => x & y, array, b.array),
        }
      }
      // Division of integers by zero ends the process.
      const [op, compute] = choices.of(dtype === 'float32' ? ARITHMETIC : ARITHMETIC.slice(0, 3))
      return { value: graph.binary(op, value, b.value), array: elementwise(dtype, compute, array, b.array) }
    }
    case 4: {
      const target = [choices.of([1, 2]), ...shape.map((d) => (d === 1 ? choices.of([1, 2, 3]) : d))]
      return { value: graph.expand(value, target), array: expanded(array, target) }
    }
    case 5: {
      const target = choices.below(2) === 0 ? [sizeOf(shape)] : [...shape, 1]
      return { value: graph.reshape(value, target), array: reshaped(array, target) }
    }
    case 6: {
      const perm = shape.map((_, axis) => axis).reverse()
      if (choices.below(2) === 0) perm.push(...perm.splice(0, 1))
      return { value: graph.transpose(value, perm), array: transposed(array, perm) }
    }
    case 7: {
      if (dtype === 'bool') {
        return choices.below(2) === 0
          ? { value: graph.not(value), array: elementwise('bool', (x) => 1 - x, array) }
          : { value: graph.cast(value, 'float32'), array: elementwise('float32', (x) => x, array) }
      }
      if (dtype === 'int32')
        return { value: graph.cast(value, 'float32'), array: elementwise('float32', (x) => x, array) }
      const axes = shape.flatMap((_, axis) => (choices.below(2) === 0 ? [axis] : []))
      const largest = (x: readonly number[]): number =>
        x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      // ONNX Runtime's maximum skips NaN and takes either zero.
      if (array.data.some((x) => Number.isNaN(x) || x === 0)) return undefined
      return { value: graph.reduce('ReduceMax', value, axes, true), array: reduced(array, axes, largest) }
    }
    default: {
      const condition = other((pair) => pair.array.dtype === 'bool' && broadcasts(pair.array.shape, shape))
      const b =
        condition &&
        other(
          (pair) =>
            pair.array.dtype === dtype &&
            broadcasts(pair.array.shape, shape) &&
            broadcasts(pair.array.shape, condition.array.shape),
        )
      // ONNX Runtime's Where loses the sign of a zero.
      const isNegativeZero = (x: number): boolean => Object.is(x, -0)
      return condition && b && !array.data.some(isNegativeZero) && !b.array.data.some(isNegativeZero)
        ? {
            value: where(graph, condition.value, value, b.value),
            array: elementwise(dtype, (c, x, y) => (c ? x : y), condition.array, array, b.array),
          }
        : undefined
    }
  }
}

describe('GraphBuilder', () => {
  it('omits, merges and moves operations without changing a value, a shape or the sign of a zero', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 40, maxLength: 80 }), async (numbers) => {
        const graph = new GraphBuilder()
        const { pairs, feeds } = program(graph, new Choices(numbers))
        const wanted = pairs.map(({ array }, i) => [`y${i}`, hosted(array)] as const)
        const finished = graph.finish(pairs.map(({ value }, i) => ({ name: `y${i}`, value })))
        expect(await runGraph(finished, feeds)).toEqual(Object.fromEntries(wanted))
      }),
      { numRuns: 120 },
    )
  })

  const floats = (graph: GraphBuilder, ...shape: number[]): Value => graph.input('x', 'float32', shape)
  const left = (graph: GraphBuilder, value: Value): string[] =>
    operatorsOf(graph.finish([{ name: 'y', value }]))

  it('computes on operands before their expansion', () => {
    const graph = new GraphBuilder()
    const x = graph.expand(floats(graph, 2, 1), [2, 3])
    const y = graph.binary('Add', x, x)
    expect(y.shape).toEqual([2, 3])
    const { nodes } = graph.finish([{ name: 'y', value: y }])
    expect(nodes.map(({ op, outputs: [result] }) => [op, result?.shape])).toEqual([
      ['Add', [2, 1]],
      ['Expand', [2, 3]],
    ])
  })

  it('leaves an operand unexpanded if the other one has the shape', () => {
    const graph = new GraphBuilder()
    const row = graph.expand(graph.input('row', 'float32', [3]), [2, 3])
    expect(left(graph, graph.binary('Mul', floats(graph, 2, 3), row))).toEqual(['Mul'])
  })

  it.each<[string, (graph: GraphBuilder, x: Value) => Value]>([
    ['a factor of one', (graph, x) => graph.binary('Mul', x, graph.fill(1, 'float32', [2, 3]))],
    ['a divisor of one', (graph, x) => graph.binary('Div', x, graph.scalar(1))],
    ['the subtraction of zero', (graph, x) => graph.binary('Sub', x, graph.scalar(0))],
    ['the addition of -0', (graph, x) => graph.binary('Add', graph.scalar(-0), x)],
    ['two transposes that cancel', (graph, x) => graph.transpose(graph.transpose(x, [1, 0]), [1, 0])],
    ['a reshape that is taken back', (graph, x) => graph.reshape(graph.reshape(x, [6]), [2, 3])],
  ])('makes no node of %s', (_, apply) => {
    const graph = new GraphBuilder()
    expect(left(graph, apply(graph, floats(graph, 2, 3)))).toEqual([])
  })

  it('distinguishes constants and settings that look the same as text', () => {
    const graph = new GraphBuilder()
    const constant = (...data: number[]): Value =>
      graph.constant(Float32Array.from(data), 'float32', [data.length])
    expect(constant(0, 1).id).not.toBe(constant(-0, 1).id)
    expect(constant(0, -0).id).not.toBe(constant(0, 0).id)
    expect(constant(Number.NaN, 1).id).toBe(constant(Number.NaN, 1).id)
    const x = floats(graph, 2)
    const leaky = (alpha: number): Value =>
      graph.unary('LeakyRelu', x, 'float32', { attributes: { alpha: { float: alpha } } })
    expect(leaky(Number.NaN).id).not.toBe(leaky(Number.POSITIVE_INFINITY).id)
  })

  it.each([
    [2.7, 'int32', 2],
    [0.1, 'float32', Math.fround(0.1)],
    [3, 'bool', 1],
  ] as const)('holds a fill of %d as %s stores it', (given, dtype, wanted) => {
    const graph = new GraphBuilder()
    expect(graph.fillOf(graph.cast(graph.fill(given, dtype, [2]), 'float32'))).toBe(wanted)
  })
})
