import { isKicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import { beforeAll, describe, expect, it } from 'vitest'
import { GraphBuilder } from '../record/graph-builder.ts'
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.ts'
import { Program } from './program.ts'

let runtime: OnnxRuntime

beforeAll(async () => {
  runtime = await loadOnnxRuntime()
})

const PAIR: HostTensor = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }

/** Negates a pair of floats and declares a different shape for the result. */
const negation = (shape: readonly number[]): Promise<Program> => {
  const graph = new GraphBuilder()
  const y = graph.node('Neg', [graph.input('x', 'float32', [2])], 'float32', shape)
  return Program.compile(
    runtime,
    graph.finish([{ name: 'y', value: y }]),
    ({ dtype, data, shape }) => new runtime.Tensor(dtype, data, shape),
    { logSeverityLevel: 4 },
  )
}

const failure = async (run: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isKicError(error)) throw new Error(`no KicError: ${error}`)
  return error
}

describe('the result of a program', () => {
  it.each([[[3]], [[2, 1]], [[]]])(
    'is refused with the recording line if shape %j was recorded',
    async (shape) => {
      const program = await negation(shape)
      const { code, message } = await failure(program.run({ x: PAIR }))
      expect(code).toBe('engine/output-shape')
      expect(message).toMatch(/"y", computed by Neg at .*program\.test\.ts:\d+/)
      expect(message).toContain(`recorded shape [${shape}], received [2]`)
      await program.release()
    },
  )

  it('is refused before it is written into a given array', async () => {
    const program = await negation([3])
    const y: HostTensor = { dtype: 'float32', shape: [3], data: new Float32Array(3) }
    expect((await failure(program.run({ x: PAIR }, { y }))).code).toBe('engine/onnxruntime')
    await program.release()
  })
})

it('is returned if it has the recorded shape', async () => {
  const program = await negation([2])
  expect(await program.run({ x: PAIR })).toEqual({ y: { ...PAIR, data: Float32Array.of(-1, -2) } })
  await program.release()
})
