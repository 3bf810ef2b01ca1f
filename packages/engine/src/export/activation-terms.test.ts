import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import type { TensorFunction } from '../contract.ts'
import { exportOnnx } from './export-onnx.ts'

const [ROWS, INS, OUTS] = [3, 8, 4] as const

const product: TensorFunction = ({ weight, bias }, { x }) => {
  if (!weight || !bias || !x) throw new Error('incomplete')
  return { y: tf.matMul(x, weight).add(bias) }
}

interface Run {
  /** [ROWS, OUTS]. */
  readonly y: Float32Array
  /** The integers of each term. */
  readonly terms: readonly Uint8Array[]
}

/** The int8 export of a product, with its intermediate values as outputs. */
const run = async (params: HostTensors, x: Float32Array): Promise<Run> => {
  const inputs = { x: { dtype: 'float32', shape: [ROWS, INS] } } as const
  const model = fromBinary(ModelProtoSchema, exportOnnx(product, params, { inputs }, 'int8'))
  const quantized = model.graph?.node.filter(({ opType }) => opType === 'QuantizeLinear') ?? []
  const names = quantized.flatMap(({ output }) => output)
  for (const name of names) model.graph?.output.push(create(ValueInfoProtoSchema, { name }))
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, model), { logSeverityLevel: 3 })
  const outputs = await session.run({ x: new Tensor('float32', x, [ROWS, INS]) })
  await session.release()
  const terms = names.map((name) => outputs[name]?.data).filter((data) => data instanceof Uint8Array)
  const y = outputs.y?.data
  if (!(y instanceof Float32Array)) throw new Error('no y')
  return { y, terms }
}

/** Activations of any sign and size: all positive, all negative, far from zero, zero. */
const activations = fc
  .tuple(
    fc.constantFrom(1e-6, 1, 300),
    fc.constantFrom(-1, -0.3, 0, 0.01, 1),
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: ROWS * INS, maxLength: ROWS * INS }),
  )
  .map(([size, shift, values]) => Float32Array.from(values, (value) => size * (value + shift)))

/** Integers with one 127 in every column, so int8 holds them exactly. */
const weights = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: INS * OUTS, maxLength: INS * OUTS })
  .map((values) => Float32Array.from(values, (value, i) => (i < OUTS ? 127 : value)))

it('gives products within half a step of the second term', async () => {
  await fc.assert(
    fc.asyncProperty(activations, weights, async (x, weight) => {
      const bias = Float32Array.from({ length: OUTS }, (_, o) => o - 1)
      const { y } = await run(
        {
          weight: { dtype: 'float32', shape: [INS, OUTS], data: weight },
          bias: { dtype: 'float32', shape: [OUTS], data: bias },
        },
        x,
      )
      const range = Math.max(0, ...x) - Math.min(0, ...x)
      const step = ((2 / 255) * range) / 100
      for (let row = 0; row < ROWS; row++) {
        for (let out = 0; out < OUTS; out++) {
          let [exact, sizes] = [bias[out] ?? Number.NaN, 0]
          for (let i = 0; i < INS; i++) {
            const w = weight[i * OUTS + out] ?? Number.NaN
            exact += (x[row * INS + i] ?? Number.NaN) * w
            sizes += Math.abs(w)
          }
          const rounding = 1e-6 * (1 + sizes * range)
          expect(Math.abs((y[row * OUTS + out] ?? Number.NaN) - exact)).toBeLessThanOrEqual(
            0.5 * step * sizes + rounding,
          )
        }
      }
    }),
    { numRuns: 60 },
  )
})

it('keeps the sum of two products within 16 bits, as processors without VNNI add them', async () => {
  const weight = new Float32Array(INS * OUTS).fill(127)
  const params: HostTensors = {
    weight: { dtype: 'float32', shape: [INS, OUTS], data: weight },
    bias: { dtype: 'float32', shape: [OUTS], data: new Float32Array(OUTS) },
  }
  await fc.assert(
    fc.asyncProperty(activations, async (x) => {
      const { terms } = await run(params, x)
      expect(terms).toHaveLength(2)
      for (const term of terms) expect(2 * Math.max(...term) * 127).toBeLessThan(2 ** 15)
      // The second term is never clipped.
      expect(Math.min(...(terms[1] ?? [0]))).toBeGreaterThan(0)
    }),
    { numRuns: 60 },
  )
})
