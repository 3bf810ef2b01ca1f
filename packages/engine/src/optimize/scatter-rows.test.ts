import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { inferenceContext } from '../context.ts'
import type { InputSpec } from '../record/record.ts'
import { valueAndGradients } from '../value-and-gradients.ts'
import { drawn, furthest, input, opsOf, recorded, runGraph } from './__fixtures__/run-graph.ts'
import { optimize } from './optimize.ts'
import { lowerScatterRows, splitRowSums, withoutDead } from './scatter-rows.ts'

type Fn = Parameters<typeof recorded>[1]

const ids = (name: string, n: number): InputSpec => ({ name, dtype: 'int32', shape: [n] })
const INPUTS: readonly InputSpec[] = [
  input('table', 4, 3),
  input('rows', 6, 3),
  ids('ids', 6),
  ids('others', 6),
]
const FEEDS = drawn(INPUTS)

const sum = (x: Parameters<Fn>[0], at = 'ids'): tf.Tensor =>
  tf.unsortedSegmentSum(x('rows'), x(at).cast('int32').as1D(), 4)

/** Adds the rows that a split graph leaves for the host. */
const added = (split: ReturnType<typeof splitRowSums>, results: HostTensors): HostTensors => {
  const outputs: Record<string, HostTensor> = {}
  const names = new Set(split.rowSums.flatMap(({ indices, rows }) => [indices, rows]))
  for (const [name, tensor] of Object.entries(results)) {
    if (!names.has(name)) outputs[name] = { ...tensor, data: tensor.data.slice() }
  }
  for (const name of split.sparse) {
    outputs[name] = { dtype: 'float32', shape: [4, 3], data: new Float32Array(12) }
  }
  for (const { output, indices, rows } of split.rowSums) {
    const [to, at, from] = [outputs[output]?.data, results[indices]?.data, results[rows]?.data]
    if (to === undefined || at === undefined || from === undefined) throw new Error(`${output} is incomplete`)
    from.forEach((value, i) => {
      const place = (at[Math.floor(i / 3)] ?? 0) * 3 + (i % 3)
      to[place] = (to[place] ?? 0) + value
    })
  }
  return outputs
}

/** Splits a graph, runs it, adds its rows, and compares with the graph that scatters itself. */
const compared = async (fn: Fn) => {
  const graph = recorded(INPUTS, fn)
  const split = splitRowSums(graph)
  const [whole, parts] = [
    await runGraph(lowerScatterRows(graph), FEEDS),
    await runGraph(lowerScatterRows(split.graph), FEEDS),
  ]
  expect(furthest(added(split, parts), whole)).toBeLessThan(1e-6)
  return split
}

describe('lowerScatterRows', () => {
  it('sums rows that occur many times without losing any', async () => {
    const n = 50_000
    const inputs = [input('rows', n, 2), ids('ids', n)]
    const graph = recorded(inputs, (x) => ({ y: tf.scatterND(x('ids').reshape([n, 1]), x('rows'), [4, 2]) }))
    const lowered = lowerScatterRows(graph)
    expect(opsOf(lowered)).toContain('ScatterElements')
    expect(opsOf(lowered)).not.toContain('ScatterRows')
    const data = Int32Array.from({ length: n }, (_, i) => i % 3)
    const { y } = await runGraph(lowered, {
      ids: { dtype: 'int32', shape: [n], data },
      rows: { dtype: 'float32', shape: [n, 2], data: new Float32Array(2 * n).fill(1) },
    })
    expect(Array.from(y?.data ?? [])).toEqual([16667, 16667, 16667, 16667, 16666, 16666, 0, 0])
  })

  it('returns a graph without such sums unchanged', () => {
    const graph = recorded(INPUTS, (x) => ({ y: x('rows').exp() }))
    expect(lowerScatterRows(graph)).toEqual(graph)
  })
})

describe('splitRowSums takes out', () => {
  it('a sum that is an output', async () => {
    const split = await compared((x) => ({ y: sum(x) }))
    expect([split.rowSums.length, [...split.sparse]]).toEqual([1, ['y']])
    expect(opsOf(split.graph)).not.toContain('ScatterRows')
  })

  it('both of two added sums', async () => {
    const split = await compared((x) => ({ y: sum(x).add(sum(x, 'others')) }))
    expect([split.rowSums.length, [...split.sparse]]).toEqual([2, ['y']])
    expect(opsOf(split.graph)).not.toContain('ScatterRows')
  })

  it('a sum added to a dense matrix', async () => {
    const split = await compared((x) => ({ y: x('table').exp().add(sum(x)) }))
    expect([split.rowSums.length, split.sparse.size]).toEqual([1, 0])
    expect(opsOf(split.graph)).not.toContain('Add')
  })

  it('the gradient of an embedding read twice', async () => {
    const split = await compared((x) =>
      valueAndGradients(
        ({ table }) => {
          const t = table ?? tf.zeros([4, 3])
          const [a, b] = [x('ids'), x('others')].map((i) => tf.gather(t, i.cast('int32').as1D()))
          return tf
            .mul(a ?? t, b ?? t)
            .sum()
            .asScalar()
        },
        { table: x('table') },
        {},
        inferenceContext,
        ['table'],
      ),
    )
    expect([split.rowSums.length, [...split.sparse]]).toEqual([2, ['grad.table']])
  })
})

describe('splitRowSums leaves in the graph', () => {
  it.each<[string, Fn]>([
    ['a sum that is read besides', (x) => ({ y: sum(x), z: sum(x).exp() })],
    ['a sum under another operation', (x) => ({ y: sum(x).mul(2) })],
    ['a sum beside two dense addends', (x) => ({ y: sum(x).add(x('table').exp().add(x('table').sin())) })],
    ['a sum that is broadcast', (x) => ({ y: sum(x).add(x('table').sum(0)) })],
  ])('%s', async (_, fn) => {
    const split = await compared(fn)
    const scatters = split.graph.nodes.filter(({ op }) => op === 'ScatterRows').length
    expect(scatters).toBe(1)
  })
})

it('withoutDead keeps only what outputs need', () => {
  const graph = recorded(INPUTS, (x) => ({ y: x('table').exp(), z: x('rows').mul(tf.tensor1d([1, 2, 3])) }))
  const [y] = graph.outputs
  if (y === undefined) throw new Error('no output')
  const kept = withoutDead({ ...graph, outputs: [y] })
  expect(opsOf(kept)).toEqual(['Exp'])
  expect(kept.inputs.map(({ name }) => name)).toEqual(['table'])
  expect(kept.constants).toEqual([])
})

it('optimize leaves only ONNX operators and keeps the results', async () => {
  const inputs = [...INPUTS, input('w', 3, 5), input('b', 5)]
  const graph = recorded(inputs, (x) => {
    const rows = tf.gather(x('table'), x('ids').cast('int32').as1D())
    return {
      y: tf.matMul(rows, x('w')).add(x('b')).relu(),
      z: tf.matMul(x('rows'), x('w')).div(3),
      s: sum(x).exp(),
    }
  })
  const optimized = optimize(graph)
  expect(optimized.nodes.every(({ domain }) => ['', 'com.microsoft'].includes(domain))).toBe(true)
  expect(opsOf(optimized)).toEqual(expect.arrayContaining(['Gemm', 'FusedMatMul', 'ScatterElements']))
  const feeds = drawn(inputs)
  expect(
    furthest(await runGraph(optimized, feeds), await runGraph(lowerScatterRows(graph), feeds)),
  ).toBeLessThan(1e-6)
})
