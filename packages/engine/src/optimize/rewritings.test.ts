import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { type Graph, sizeOf } from '../record/graph.ts'
import type { InputSpec } from '../record/record.ts'
import { input, recorded, runGraph } from './__fixtures__/run-graph.ts'
import { foldScale } from './fold-scale.ts'
import { fuseBias } from './fuse-bias.ts'
import { optimize } from './optimize.ts'
import { lowerScatterRows, splitRowSums, withoutDead } from './scatter-rows.ts'

const RUNS = { numRuns: 60 }
/** Relative to the largest finite element, because products are summed in another order. */
const TOLERANCE = 1e-5

const floats = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -16, max: 16 }).map((x) => x / 4) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0) },
)

/** Includes factors with which a folded product could go wrong. */
const factors = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.125, 1e-42, -1e-39, 1e38, Number.POSITIVE_INFINITY, Number.NaN),
  fc.double({ min: -4, max: 4, noNaN: true }),
)

const sizes = fc.integer({ min: 1, max: 4 })

const feedsFor = (inputs: readonly InputSpec[], elements: readonly number[]): HostTensors => {
  let next = 0
  const element = (): number => elements[next++ % elements.length] ?? 0
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }): [string, HostTensor] => {
      const data = Array.from({ length: sizeOf(shape) }, element)
      return dtype === 'int32'
        ? [
            name,
            {
              dtype,
              shape,
              data: Int32Array.from(data, (x) => (Number.isFinite(x) ? Math.abs(Math.trunc(x)) % 3 : 0)),
            },
          ]
        : [name, { dtype: 'float32', shape, data: Float32Array.from(data) }]
    }),
  )
}

/** Throws if two runs differ in names or shapes, or in elements by more than rounding. */
const expectSame = (actual: HostTensors, wanted: HostTensors): void => {
  const described = (tensors: HostTensors): string =>
    Object.entries(tensors)
      .map(([name, { dtype, shape }]) => `${name} ${dtype}[${shape}]`)
      .sort()
      .join()
  if (described(actual) !== described(wanted))
    throw new Error(`${described(actual)}, not ${described(wanted)}`)
  for (const [name, { data }] of Object.entries(wanted)) {
    const largest = Array.from(data, Math.abs)
      .filter(Number.isFinite)
      .reduce((a, b) => Math.max(a, b), 0)
    data.forEach((x, i) => {
      const y = actual[name]?.data[i] ?? 0
      if (x === y || (Number.isNaN(x) && Number.isNaN(y)) || Math.abs(x - y) <= TOLERANCE * largest) return
      throw new Error(`${name}[${i}] is ${y}, not ${x}`)
    })
  }
}

const expectUnchanged = async (
  inputs: readonly InputSpec[],
  fn: Parameters<typeof recorded>[1],
  elements: readonly number[],
  rewrite: (graph: Graph) => Graph,
): Promise<void> => {
  const graph = recorded(inputs, fn)
  const feeds = feedsFor(inputs, elements)
  expectSame(await runGraph(rewrite(graph), feeds), await runGraph(graph, feeds))
}

/** Products surrounded by what the rewritings match: factors, reshapes, biases, further readers. */
const products = fc.record({
  m: sizes,
  k: fc.integer({ min: 0, max: 4 }),
  n: sizes,
  leading: fc.constantFrom<number[]>([], [2], [1]),
  transA: fc.boolean(),
  transB: fc.boolean(),
  factor: factors,
  scaling: fc.constantFrom('mul', 'mul from the left', 'div', 'div by it', 'none'),
  bias: fc.constantFrom('row', 'row from the left', 'column', 'matrix', 'none'),
  reshaped: fc.boolean(),
  readTwice: fc.boolean(),
  elements: fc.array(floats, { minLength: 1, maxLength: 40 }),
})

type ProductCase = typeof products extends fc.Arbitrary<infer T> ? T : never

const productOf = (drawn: ProductCase) => {
  const { m, k, n, leading, transA, transB, factor, scaling, bias, reshaped, readTwice } = drawn
  const inputs = [
    input('a', ...leading, ...(transA ? [k, m] : [m, k])),
    input('b', ...leading, ...(transB ? [n, k] : [k, n])),
    input('row', n),
    input('column', m, 1),
    input('matrix', m, n),
  ]
  const fn: Parameters<typeof recorded>[1] = (x) => {
    const product = tf.matMul(x('a'), x('b'), transA, transB)
    let y: tf.Tensor = product
    if (bias === 'row' || bias === 'column' || bias === 'matrix') y = y.add(x(bias))
    if (bias === 'row from the left') y = x('row').add(y)
    if (reshaped) y = y.reshape([-1])
    if (scaling === 'mul') y = y.mul(factor)
    if (scaling === 'mul from the left') y = tf.mul(factor, y)
    if (scaling === 'div') y = y.div(factor)
    if (scaling === 'div by it') y = tf.div(factor, y)
    return readTwice ? { y, product: product.neg() } : { y }
  }
  return { inputs, fn }
}

describe('a rewriting changes no value', () => {
  it.each([
    ['foldScale', foldScale],
    ['fuseBias', fuseBias],
    ['foldScale after fuseBias', (graph: Graph) => foldScale(fuseBias(graph))],
    ['withoutDead', withoutDead],
    ['optimize', optimize],
  ] as const)('%s', async (_, rewrite) => {
    await fc.assert(
      fc.asyncProperty(products, async (drawn) => {
        const { inputs, fn } = productOf(drawn)
        await expectUnchanged(inputs, fn, drawn.elements, rewrite)
      }),
      RUNS,
    )
  })
})

/** Sums of scattered rows, alone, added to each other and to other tensors, and read again. */
const scatters = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  width: sizes,
  addends: fc.array(fc.constantFrom('first', 'second', 'dense'), { minLength: 1, maxLength: 4 }),
  readAgain: fc.boolean(),
  elements: fc.array(floats, { minLength: 1, maxLength: 40 }),
})

const COUNT = 3

describe('sums of scattered rows', () => {
  const drawnCase = ({
    rows,
    width,
    addends,
    readAgain,
  }: typeof scatters extends fc.Arbitrary<infer T> ? T : never) => {
    const inputs: InputSpec[] = [
      input('x', rows, width),
      input('z', rows, width),
      input('dense', COUNT, width),
      { name: 'first', dtype: 'int32', shape: [rows] },
      { name: 'second', dtype: 'int32', shape: [rows] },
    ]
    const fn: Parameters<typeof recorded>[1] = (x) => {
      const sums = {
        first: tf.unsortedSegmentSum(x('x'), x('first').as1D(), COUNT),
        second: tf.unsortedSegmentSum(x('z'), x('second').as1D(), COUNT),
        dense: x('dense'),
      }
      const y = addends.map((name) => sums[name]).reduce((a, b) => a.add(b))
      return readAgain ? { y, again: sums.first.neg() } : { y }
    }
    return { inputs, fn }
  }

  /** The sums by plain loops. */
  const wanted = (
    feeds: HostTensors,
    { rows, width, addends }: { rows: number; width: number; addends: readonly string[] },
  ) => {
    const y = new Float32Array(COUNT * width)
    for (const addend of addends) {
      const source = feeds[addend === 'dense' ? 'dense' : addend === 'first' ? 'x' : 'z']?.data ?? []
      for (let i = 0; i < (addend === 'dense' ? COUNT : rows) * width; i++) {
        const row =
          addend === 'dense' ? Math.floor(i / width) : (feeds[addend]?.data[Math.floor(i / width)] ?? 0)
        y[row * width + (i % width)] = (y[row * width + (i % width)] ?? 0) + (source[i] ?? 0)
      }
    }
    return { dtype: 'float32' as const, shape: [COUNT, width], data: y }
  }

  it('equal plain loops after lowering to ONNX operators', async () => {
    await fc.assert(
      fc.asyncProperty(scatters, async (drawn) => {
        const { inputs, fn } = drawnCase(drawn)
        const feeds = feedsFor(inputs, drawn.elements)
        const { y } = await runGraph(lowerScatterRows(recorded(inputs, fn)), feeds)
        if (y === undefined) throw new Error('there is no y')
        expectSame({ y }, { y: wanted(feeds, drawn) })
      }),
      RUNS,
    )
  })

  it('are the same if the host adds the rows that were split off', async () => {
    await fc.assert(
      fc.asyncProperty(scatters, async (drawn) => {
        const { inputs, fn } = drawnCase(drawn)
        const feeds = feedsFor(inputs, drawn.elements)
        const { graph, rowSums, sparse } = splitRowSums(recorded(inputs, fn))
        const results = await runGraph(lowerScatterRows(graph), feeds)
        const rest = sparse.has('y') ? new Float32Array(COUNT * drawn.width) : results.y?.data.slice()
        if (rest === undefined) throw new Error('there is no y')
        for (const sum of rowSums) {
          const [at, rows] = [results[sum.indices]?.data, results[sum.rows]?.data ?? []]
          rows.forEach((x, i) => {
            const place = (at?.[Math.floor(i / drawn.width)] ?? 0) * drawn.width + (i % drawn.width)
            rest[place] = (rest[place] ?? 0) + x
          })
        }
        const y = { dtype: 'float32' as const, shape: [COUNT, drawn.width], data: rest }
        expectSame({ y }, { y: wanted(feeds, drawn) })
      }),
      RUNS,
    )
  })
})
