import { KicError } from '@kic/core'
import { expect, it } from 'vitest'
import type { OnnxRuntime } from '../compiled/onnx-runtime.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
import { noAdapter } from './adapter-errors.ts'
import { Device } from './device.ts'

/** A runtime whose runs fail with the given message. */
const failing = (message: string): OnnxRuntime => ({
  Tensor: class {
    readonly data = undefined
    readonly dims = []
    dispose(): void {}
  },
  InferenceSession: {
    create: () =>
      Promise.resolve({
        run: () => Promise.reject(new Error(message)),
        release: () => Promise.resolve(),
        endProfiling: () => undefined,
      }),
  },
})

const run = async (message: string): Promise<void> => {
  const g = new GraphBuilder()
  const graph = g.finish([{ name: 'y', value: g.unary('Sqrt', g.input('x', 'float32', [1])) }])
  const program = await new Device(failing(message), {}).compile('test', graph)
  await program.run({ x: { dtype: 'float32', shape: [1], data: Float32Array.of(4) } })
}

it('tells a lost GPU, and what to do, from other failures', async () => {
  await expect(run('WebGPU device lost (2): VK_ERROR_DEVICE_LOST')).rejects.toMatchObject({
    code: 'engine/unavailable',
    message: expect.stringMatching(/resume from the last checkpoint/),
  })
  await expect(run('Non-zero status code')).rejects.toMatchObject({ code: 'engine/onnxruntime' })
})

it('says why there is no adapter, in the words of ONNX Runtime alone', () => {
  const cause = new Error(
    '/onnxruntime_src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. ' +
      'Failed to get a WebGPU adapter: No supported adapters\n',
  )
  const explained = new KicError('engine/onnxruntime', `could not compile: ${cause.message}`, { cause })
  for (const error of [cause, explained])
    expect(noAdapter(error).message).toContain(
      'received an error: Failed to get a WebGPU adapter: No supported adapters. The provider',
    )
  expect(noAdapter('no provider').message).toContain('received an error: no provider. ')
})
