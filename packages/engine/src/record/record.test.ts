import { isKicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inferenceContext } from '../context.ts'
import type { Tensors } from '../contract.ts'
import { selectEngine } from '../select-engine.ts'
import { valueAndGradients } from '../value-and-gradients.ts'
import { record } from './record.ts'

const X = { name: 'x', dtype: 'float32', shape: [2, 3] } as const
const NOTHING_READ = 'nothing was read'

/** File and line of the last call of `mark`. */
let marked = ''

/** Stores the calling line and returns a placeholder. */
const mark = (): undefined => {
  marked =
    /record\.test\.ts:\d+/.exec((new Error('here').stack ?? '').split('\n')[2] ?? '')?.[0] ?? 'no stack'
}

const taken = (inputs: Tensors, name: string): tf.Tensor => {
  const tensor = inputs[name]
  if (tensor === undefined) throw new Error(`there is no input ${name}`)
  return tensor
}

interface Failure {
  readonly code: string
  readonly message: string
}

const failureOf = (error: unknown): Failure => {
  if (!isKicError(error)) throw error
  return { code: error.code, message: error.message }
}

const thrownBy = (body: () => unknown): Failure => {
  try {
    body()
  } catch (error) {
    return failureOf(error)
  }
  throw new Error('nothing was thrown')
}

/** Records a function with a result of any type, as in JavaScript. */
const recordAny = (fn: (x: tf.Tensor) => unknown): ReturnType<typeof record> =>
  record([X], (inputs): Tensors => Object(fn(taken(inputs, 'x'))))

/** The elements of a graph's constants, without the shapes that are operands. */
const constantsOf = ({ constants }: ReturnType<typeof record>): number[][] =>
  constants.flatMap(({ value, data }) =>
    data.kind === 'array' && value.dtype !== 'int64' ? [Array.from(data.data, Number)] : [],
  )

let memory: tf.MemoryInfo

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => {
  memory = tf.memory()
})

afterEach(() => {
  expect(tf.getBackend()).toBe('cpu')
  const { numTensors, numDataBuffers } = tf.memory()
  expect([numTensors, numDataBuffers]).toEqual([memory.numTensors, memory.numDataBuffers])
})

describe('record', () => {
  it('computes nothing, and leaves backend and tensors unchanged', () => {
    const graph = record([X], (inputs) => ({ y: taken(inputs, 'x').mul(2).sum(1) }))
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'ReduceSum'])
    expect(graph.outputs.map(({ name, value }) => [name, value.dtype, value.shape])).toEqual([
      ['y', 'float32', [2]],
    ])
  })

  it('leaks no tensor when it records gradients repeatedly', () => {
    for (let i = 0; i < 3; i++) {
      const graph = record([X], (inputs) =>
        valueAndGradients(
          ({ x }) => {
            const y = x?.square() ?? tf.scalar(0)
            return { loss: y.mean(), largest: y.max() }
          },
          inputs,
          {},
          inferenceContext,
          ['x'],
        ),
      )
      expect(graph.outputs.map(({ name }) => name)).toEqual(['loss', 'largest', 'grad.x'])
    }
  })
})

it('keeps a broadcast mask small, forward and backward', () => {
  const graph = record([X, { name: 'mask', dtype: 'bool', shape: [2, 1] }], (inputs) =>
    valueAndGradients(
      ({ x, mask }) => {
        const hidden = tf.where(mask ?? true, tf.scalar(-1), x ?? 0)
        return { loss: hidden.square().sum().asScalar() }
      },
      inputs,
      {},
      inferenceContext,
      ['x'],
    ),
  )
  const sizes = graph.nodes
    .filter(({ op }) => ['Where', 'Not', 'Cast', 'Expand'].includes(op))
    .map(({ op, outputs: [y] }) => [op, y?.shape])
  expect(sizes).toEqual([
    ['Where', [2, 3]],
    ['Not', [2, 1]],
    ['Cast', [2, 1]],
  ])
})

describe('refuses to read values while recording, with the line', () => {
  it.each<[string, (x: tf.Tensor) => unknown]>([
    ['dataSync', (x) => [mark(), x.dataSync()]],
    ['arraySync of a result', (x) => [mark(), x.add(1).arraySync()]],
    ['print', (x) => [mark(), x.print()]],
    ['a shape that depends on data', (x) => [mark(), tf.zeros([x.sum().dataSync()[0] ?? 0])]],
    ['a branch on data', (x) => [mark(), x.max().arraySync() === 1 ? x : x.neg()]],
    ['toString', (x) => [mark(), `${x.toString()}`]],
  ])('%s', (_, read) => {
    const { code, message } = thrownBy(() => recordAny((x) => ({ y: x, read: read(x) ?? NOTHING_READ })))
    expect(code).toBe('engine/read-while-recording')
    expect(message).toContain(marked)
  })
})

describe('kernels that cannot be recorded', () => {
  it('are reported with the calling line', () => {
    const { code, message } = thrownBy(() =>
      recordAny((x) => {
        const image = x.reshape([1, 2, 3, 1])
        return { y: [mark(), tf.image.resizeBilinear(image as tf.Tensor4D, [4, 4])] }
      }),
    )
    expect(code).toBe('engine/unsupported-kernel')
    expect(message).toContain('ResizeBilinear')
    expect(message).toContain(marked)
    expect(message).toContain('README')
  })

  it('are reported with the line and the reason if only some calls cannot', () => {
    const { code, message } = thrownBy(() => recordAny((x) => ({ y: [mark(), tf.neg(x.greater(0))] })))
    expect(code).toBe('engine/unsupported')
    expect(message).toContain('Neg')
    expect(message).toContain('bool')
    expect(message).toContain(marked)
  })

  it('are reported if a gradient reaches them', () => {
    const { message } = thrownBy(() =>
      record([{ ...X, shape: [1, 4, 4, 1] }], (inputs) =>
        valueAndGradients(
          ({ x }) => tf.localResponseNormalization((x ?? tf.zeros([1, 4, 4, 1])) as tf.Tensor4D).sum(),
          inputs,
          {},
          inferenceContext,
          ['x'],
        ),
      ),
    )
    expect(message).toContain('kernel LRN ')
  })
})

describe('results that are not tensors by name', () => {
  it.each<[string, (x: tf.Tensor) => unknown, RegExp]>([
    ['a promise', async (x) => ({ y: x }), /received a promise/],
    ['one tensor', (x) => x, /received one tensor/],
    ['an array', (x) => [x], /received an array/],
    ['a number for a tensor', () => ({ y: 1 }), /"y" must be a tensor .*received 1/],
    ['a promise for a tensor', (x) => ({ y: Promise.resolve(x) }), /"y" .*received a promise/],
    [
      'values for a tensor',
      () => ({ y: new Float32Array(2) }),
      /"y" .*received an object of type Float32Array/,
    ],
    ['nothing for a tensor', () => ({ y: undefined }), /"y" .*received undefined/],
  ])('%s', (_, fn, wanted) => {
    const { code, message } = thrownBy(() => recordAny(fn))
    expect(code).toBe('engine/not-a-tensor')
    expect(message).toMatch(wanted)
  })

  it('are refused as a loss', () => {
    const loss = Object(async () => tf.scalar(0))
    const { code, message } = thrownBy(() =>
      record([X], (inputs) => valueAndGradients(loss, inputs, {}, inferenceContext, ['x'])),
    )
    expect(code).toBe('engine/not-a-tensor')
    expect(message).toContain('a promise')
  })

  it('are refused by an eager engine with the same message', async () => {
    const engine = await selectEngine('cpu')
    const run = engine.compile(Object(async () => ({ y: tf.scalar(0) })))
    await expect(run(engine.place({}), {})).rejects.toThrow(/received a promise/)
    tf.disposeVariables()
  })
})

describe('recordings and the tensors around them', () => {
  it('do not nest, and work again after a failure', () => {
    const { code } = thrownBy(() => recordAny((x) => ({ x, graph: recordAny((y) => ({ y })) })))
    expect(code).toBe('engine/nested-recording')
    expect(recordAny((x) => ({ y: x.exp() })).nodes).toHaveLength(1)
  })

  it('pass on errors of the function and restore the backend', () => {
    const own = new RangeError('mine')
    expect(() =>
      recordAny(() => {
        throw own
      }),
    ).toThrow(own)
  })

  it('do not share symbolic tensors', () => {
    const left: tf.Tensor[] = []
    recordAny((x) => {
      left.push(tf.keep(x.exp()))
      return { x }
    })
    const [old] = left
    if (old === undefined) throw new Error('the function was not called')
    const used = thrownBy(() => recordAny((x) => ({ y: x.add(old) })))
    expect(used.code).toBe('engine/foreign-tensor')
    const read = thrownBy(() => old.dataSync())
    expect(read.code).toBe('engine/foreign-tensor')
    expect(read.message).toContain('finished recording')
    const computed = thrownBy(() => tf.tidy(() => old.add(1)))
    expect(computed.code).toBe('engine/foreign-tensor')
    tf.dispose(left)
  })

  it('hold outside tensors as constants and keep them readable, even if they are returned', () => {
    const outside = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
    const kept = tf.keep(tf.tensor1d([7, 8, 9]))
    const mask = tf.tensor1d([1, 0, 1], 'bool')
    for (let i = 0; i < 2; i++) {
      const graph = recordAny((x) => ({ y: tf.where(mask, x.add(outside), x), kept }))
      expect(constantsOf(graph)).toEqual([
        [1, 2, 3, 4, 5, 6],
        [1, 0, 1],
        [7, 8, 9],
      ])
      expect([...outside.dataSync()]).toEqual([1, 2, 3, 4, 5, 6])
      expect(kept.isDisposed).toBe(false)
    }
    const sum = tf.tidy(() => [...outside.add(kept).dataSync()])
    expect(sum).toEqual([8, 10, 12, 11, 13, 15])
    expect([...mask.dataSync()]).toEqual([1, 0, 1])
    tf.dispose([outside, kept, mask])
  })

  it('read outside tensors that share elements in their own shapes and types', () => {
    const flat = tf.tensor1d([1, 2, 3, 4, 5, 6], 'int32')
    const square = flat.reshape([2, 3])
    const floats = flat.cast('float32')
    const graph = recordAny((x) => ({ a: x.add(square), b: x.reshape([6]).mul(floats), flat }))
    expect(graph.outputs.map(({ value }) => [value.dtype, value.shape])).toEqual([
      ['float32', [2, 3]],
      ['float32', [6]],
      ['int32', [6]],
    ])
    tf.dispose([flat, square, floats])
  })

  it('refuse tensors of text', () => {
    const { code, message } = thrownBy(() => recordAny((x) => ({ x, words: tf.tensor1d(['a', 'b']) })))
    expect(code).toBe('engine/dtype')
    expect(message).toContain('string')
  })

  it('read variables as constants with their current values', () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])))
    const before = recordAny((x) => ({ y: x.mul(variable) }))
    tf.tidy(() => variable.assign(variable.mul(2)))
    const after = recordAny((x) => ({ y: x.mul(variable) }))
    expect(constantsOf(before)).toEqual([[1, 2, 3]])
    expect(constantsOf(after)).toEqual([[2, 4, 6]])
    variable.dispose()
  })
})

describe('a failure at run time', () => {
  it('gives the line that called the operation', async () => {
    const engine = await selectEngine('compiled')
    let line = ''
    const run = engine.compile((_, feeds) => {
      const rows =
        [mark(), tf.gatherND(taken(feeds, 'x'), taken(feeds, 'ids').reshape([1, 1]))][1] ?? tf.scalar(0)
      line = marked
      return { y: rows.mul(2) }
    })
    const x = { ...X, data: new Float32Array(6) }
    const ids = (...data: number[]) => ({ dtype: 'int32', shape: [1], data: Int32Array.from(data) }) as const
    expect((await run(engine.place({}), { x, ids: ids(1) })).y?.shape).toEqual([1, 3])
    const failure = await run(engine.place({}), { x, ids: ids(2) }).then(() => undefined, failureOf)
    expect(failure?.code).toBe('engine/onnxruntime')
    expect(failure?.message).toContain('GatherND')
    expect(failure?.message).toContain(line)
    // The program still works.
    expect((await run(engine.place({}), { x, ids: ids(0) })).y?.data).toHaveLength(3)
    engine.dispose()
  })
})
