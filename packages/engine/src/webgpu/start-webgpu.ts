import { KicError } from '@kic/core'
import type { CompiledEngineOptions } from '../compiled/compiled-engine.ts'
import { loadOnnxRuntime, type OnnxRuntime } from '../compiled/onnx-runtime.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
import { Device } from './device.ts'
import { WebgpuEngine } from './webgpu-engine.ts'

/**
 * Starts the WebGPU engine.
 *
 * @throws KicError `engine/no-onnxruntime`; `engine/unavailable` without a GPU, its driver, or the provider
 */
export const startWebgpu = async (reason: string, options: CompiledEngineOptions): Promise<WebgpuEngine> => {
  const runtime = await loadOnnxRuntime()
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
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `selectEngine: webgpu must find a GPU and the WebGPU provider of onnxruntime-node, received an error: ${reason}. ` +
        'The provider is part of the npm package on Linux x64, Windows and macOS. On Linux install libvulkan1 and the ' +
        "GPU's Vulkan driver (`vulkaninfo` lists it); on Windows and macOS update the GPU's driver. Without a GPU use " +
        "selectEngine('compiled').",
      { cause },
    )
  } finally {
    device.dispose()
  }
}
