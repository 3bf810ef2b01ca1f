import { expect, it } from 'vitest'
import type { OnnxRuntime } from '../compiled/onnx-runtime.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
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
