import type { CompiledEngineOptions } from '../compiled/compiled-engine.ts'
import { loadOnnxRuntime, type OnnxRuntime } from '../compiled/onnx-runtime.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
import { noAdapter } from './adapter-errors.ts'
import { Device } from './device.ts'
import { WebgpuEngine } from './webgpu-engine.ts'

/**
 * Starts the WebGPU engine.
 *
 * @throws KicError `engine/no-onnxruntime`; `engine/unavailable` without a GPU, its driver, or the provider
 */
export const startWebgpu = async (reason: string, options: CompiledEngineOptions): Promise<WebgpuEngine> => {
  const runtime = options.runtime ?? (await loadOnnxRuntime())
  await checkAdapter(runtime, options)
  return new WebgpuEngine(
    runtime,
    `webgpu: TensorFlow.js recorded, run by ONNX Runtime on the GPU (${reason})`,
    options,
  )
}

/** Runs one operator, because ONNX Runtime asks for an adapter only then. */
const checkAdapter = async (runtime: OnnxRuntime, options: CompiledEngineOptions): Promise<void> => {
  const device = new Device(runtime, options)
  const g = new GraphBuilder()
  const graph = g.finish([{ name: 'y', value: g.unary('Sqrt', g.input('x', 'float32', [1])) }])
  try {
    const program = await device.compile('adapter', graph)
    await program.run({ x: { dtype: 'float32', shape: [1], data: Float32Array.of(4) } })
    await program.release()
  } catch (cause) {
    throw noAdapter(cause)
  } finally {
    device.dispose()
  }
}
