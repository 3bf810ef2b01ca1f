import { type Engine, inferenceContext, selectEngine, type Tensors } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { gradientError } from './gradient-error.ts'
import { type LstmOptions, lstm } from './lstm.ts'
import { lstmParameters } from './lstm-parameters.ts'

beforeAll(() => tf.setBackend('cpu'))

/** Numbers that PyTorch can compute too, without a file. */
const wave = (offset: number, shape: readonly number[]): tf.Tensor => {
  const size = shape.reduce((product, d) => product * d, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, k) => 0.6 * Math.sin(0.7 * k + offset)),
    [...shape],
  )
}
const shape = { prefix: 'lstm.', layers: 2, bidirectional: true }
const specs = lstmParameters(3, 2, shape)
const params: Tensors = Object.fromEntries(specs.map((spec, i) => [spec.name, wave(i, spec.shape)]))
const x = wave(0.3, [2, 4, 3])
const short = tf.tensor2d([1, 1, 1, 1, 1, 1, 0, 0], [2, 4], 'int32')

const run = (options: Partial<LstmOptions> = {}, input = x, weights = params) =>
  lstm(weights, input, { ...shape, ...options }, inferenceContext)
const expectClose = (actual: tf.Tensor, expected: readonly number[]): void => {
  expect(actual.size).toBe(expected.length)
  const values = actual.dataSync()
  for (const [i, value] of expected.entries())
    expect(Math.abs((values[i] ?? Number.NaN) - value)).toBeLessThan(2e-6)
}
const concatenated = (final: readonly tf.Tensor[]): tf.Tensor => tf.stack([...final])

// PyTorch 1.13: torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True) in float64, parameter number i
// holding 0.6·sin(0.7·k + i), the input 0.6·sin(0.7·k + 0.3); then the same with pack_padded_sequence(x, [4, 2]).
const FIRST_ROW = [
  0.0685118, 0.1527393, -0.361804, -0.4063679, 0.090675, 0.228406, -0.351048, -0.3897313, 0.1255328,
  0.2425102, -0.2982056, -0.3676181, 0.10502, 0.2718789, -0.2179021, -0.258606,
]
const SECOND_ROW = [
  0.0892156, 0.1384778, -0.3530723, -0.4263879, 0.1343617, 0.1887009, -0.3229693, -0.412077, 0.1100701,
  0.241408, -0.3064512, -0.3515423, 0.1041397, 0.2742589, -0.2228708, -0.259715,
]
const SECOND_ROW_PACKED = [
  0.0881222, 0.139003, -0.3128476, -0.3662992, 0.1297514, 0.1923352, -0.2368534, -0.2570977,
]

describe('lstm', () => {
  it('lists the parameters of torch.nn.LSTM, in its order', () => {
    expect(specs.map(({ name, shape: dims }) => `${name.slice('lstm.'.length)} ${dims.join('x')}`)).toEqual([
      'weight_ih_l0 8x3',
      'weight_hh_l0 8x2',
      'bias_ih_l0 8',
      'bias_hh_l0 8',
      'weight_ih_l0_reverse 8x3',
      'weight_hh_l0_reverse 8x2',
      'bias_ih_l0_reverse 8',
      'bias_hh_l0_reverse 8',
      'weight_ih_l1 8x4',
      'weight_hh_l1 8x2',
      'bias_ih_l1 8',
      'bias_hh_l1 8',
      'weight_ih_l1_reverse 8x4',
      'weight_hh_l1_reverse 8x2',
      'bias_ih_l1_reverse 8',
      'bias_hh_l1_reverse 8',
    ])
    expect(specs[0]?.init).toEqual({ kind: 'uniform', bound: 1 / Math.sqrt(2) })
  })

  it('equals torch.nn.LSTM with two layers and directions', () => {
    const { sequence, final } = run()
    expect(sequence.shape).toEqual([2, 4, 4])
    expectClose(sequence, [...FIRST_ROW, ...SECOND_ROW])
    expectClose(
      concatenated(final),
      [0.10502, 0.2718789, 0.1041397, 0.2742589, -0.361804, -0.4063679, -0.3530723, -0.4263879],
    )
  })

  it('equals torch.nn.LSTM on packed rows with a mask, and keeps states over padding', () => {
    const { sequence, final } = run({ mask: short })
    expectClose(tf.slice(sequence, [0, 0, 0], [1, -1, -1]), FIRST_ROW)
    expectClose(tf.slice(sequence, [1, 0, 0], [1, 2, -1]), SECOND_ROW_PACKED)
    // Forward: the last token's state. Backward: none yet.
    expectClose(tf.slice(sequence, [1, 3, 0], [1, 1, -1]), [0.1297514, 0.1923352, 0, 0])
    expectClose(
      concatenated(final),
      [0.10502, 0.2718789, 0.1297514, 0.1923352, -0.361804, -0.4063679, -0.3128476, -0.3662992],
    )
  })

  it('skips padding at any position, and ends with zeros if a row is all padding', () => {
    const row = tf.slice(x, [0, 0, 0], [1, 3, -1])
    const holes = tf.tensor2d([0, 1, 0, 1, 1], [1, 5], 'int32')
    const [a, b, c] = tf.split(row, 3, 1)
    const noise = tf.fill([1, 1, 3], 9)
    if (!a || !b || !c) throw new Error('three positions')
    const padded = run({ mask: holes }, tf.concat([noise, a, noise, b, c], 1))
    expectClose(concatenated(padded.final), [...concatenated(run({}, row).final).dataSync()])
    const empty = run({ mask: tf.zeros([1, 5], 'int32') }, wave(1, [1, 5, 3]))
    expectClose(empty.sequence, new Array(20).fill(0))
  })

  it('has the gradients of finite differences for rows with gaps', () => {
    const mask = tf.tensor2d([0, 1, 1, 0, 1, 0, 1, 0], [2, 4], 'int32')
    const names = ['weight_ih_l0', 'weight_hh_l0_reverse', 'weight_hh_l1', 'bias_hh_l1_reverse'].map(
      (name) => `lstm.${name}`,
    )
    const fn = (input: tf.Tensor, ...values: tf.Tensor[]): tf.Tensor => {
      const replaced = Object.fromEntries(values.map((value, i) => [names[i] ?? '', value]))
      const { sequence, final } = run({ mask }, input, { ...params, ...replaced })
      return tf.concat([sequence, ...final].map((part) => tf.reshape(part, [-1])))
    }
    const inputs = [x, ...names.map((name) => params[name] ?? tf.scalar(0))]
    expect(gradientError(fn, inputs, { step: 0.1 })).toBeLessThan(1e-3)
  })

  it('runs in one direction and over one position', () => {
    const single = { prefix: 'lstm.', layers: 1, bidirectional: false }
    const { sequence, final } = lstm(params, x, single, inferenceContext)
    expect(sequence.shape).toEqual([2, 4, 2])
    expect(final.map((state) => state.shape)).toEqual([[2, 2]])
    const fn = (input: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
      lstm({ ...params, 'lstm.weight_hh_l0': weight }, input, single, inferenceContext).sequence
    const weight = params['lstm.weight_hh_l0'] ?? tf.scalar(0)
    expect(gradientError(fn, [x, weight])).toBeLessThan(1e-3)
    expect(gradientError(fn, [tf.slice(x, [0, 0, 0], [-1, 1, -1]), weight])).toBeLessThan(1e-3)
  })

  it('applies dropout only between layers', () => {
    const seen: string[] = []
    const ctx = {
      training: true,
      dropout: (dropped: tf.Tensor, rate: number) => {
        seen.push(`${dropped.shape.join('x')}@${rate}`)
        return dropped
      },
    }
    lstm(params, x, { ...shape, dropout: 0.3 }, ctx)
    expect(seen).toEqual(['4x2x4@0.3'])
  })

  it('refuses inputs, masks and weights of wrong shapes', () => {
    const code = (fn: () => unknown) =>
      expect(fn).toThrowError(expect.objectContaining({ code: 'nn/lstm-shape' }))
    code(() => run({}, tf.zeros([2, 3])))
    code(() => run({ mask: tf.ones([2, 3], 'int32') }))
    code(() => run({ layers: 0 }))
    code(() =>
      lstm({ ...params, 'lstm.weight_hh_l0': tf.zeros([8, 3]) }, x, { prefix: 'lstm.' }, inferenceContext),
    )
    expect(() => run({ layers: 3 })).toThrowError(/weight_ih_l2/)
  })

  it('frees its intermediate tensors', () => {
    const step = (): void => {
      const { value, grads } = tf.valueAndGrads((input: tf.Tensor) =>
        tf.sum(lstm(params, input, { ...shape, mask: short }, inferenceContext).sequence),
      )([x])
      tf.dispose([value, ...grads])
    }
    step()
    const before = tf.memory().numTensors
    step()
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each([
    ['compiled', 'at its end', [1, 1, 1, 1, 1, 1, 0, 0]],
    ['compiled', 'anywhere, and a row of nothing else', [0, 1, 0, 1, 0, 0, 0, 0]],
    ['wasm', 'at its end', [1, 1, 1, 1, 1, 1, 0, 0]],
  ] as const)('computes on the %s engine what it computes on cpu, with padding %s', async (name, _, mask) => {
    const results = await Promise.all([outputsOn('cpu', mask), outputsOn(name, mask)])
    const [expected = [], actual = []] = results
    expect(expected.length).toBe(2 * 4 * 4 + 2 * 4 * 3)
    for (const [i, value] of expected.entries()) {
      expect(Math.abs((actual[i] ?? Number.NaN) - value)).toBeLessThan(1e-5)
    }
  })
})

/** The sequence, and the gradient of its sum of squares with respect to the input. */
const outputsOn = async (name: Engine['name'], padding: readonly number[]): Promise<number[]> => {
  const engine = await selectEngine(name)
  const host = Object.fromEntries(
    Object.entries(params).map(([key, tensor]) => [
      key,
      { dtype: 'float32' as const, shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) },
    ]),
  )
  const feeds = {
    x: { dtype: 'float32' as const, shape: x.shape, data: Float32Array.from(x.dataSync()) },
    mask: { dtype: 'int32' as const, shape: [2, 4], data: Int32Array.from(padding) },
  }
  const compiled = engine.compile((weights, { x: input = x, mask }, ctx) => {
    const sequence = (value: tf.Tensor) => lstm(weights, value, { ...shape, mask }, ctx).sequence
    return {
      sequence: sequence(input),
      gradient: tf.grad((value: tf.Tensor) => tf.sum(tf.square(sequence(value))))(input),
    }
  })
  const { sequence, gradient } = await compiled(engine.place(host), feeds)
  engine.dispose()
  return [...(sequence?.data ?? []), ...(gradient?.data ?? [])]
}
