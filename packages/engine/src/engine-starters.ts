import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { CompiledEngine, type CompiledEngineOptions } from './compiled/compiled-engine.ts'
import { checkExecutionProviders } from './compiled/execution-providers.ts'
import { loadOnnxRuntime } from './compiled/onnx-runtime.ts'
import type { Engine } from './contract.ts'
import { EagerEngine } from './eager/eager-engine.ts'
import {
  NATIVE_BACKEND,
  type NativePackage,
  notInstalled,
  startNativeBackend,
} from './eager/native-backend.ts'
import { registerWasmKernels } from './eager/wasm-kernels.ts'
import type { EngineErrorCode } from './error-code.ts'
import { startWebgpu } from './webgpu/start-webgpu.ts'

/**
 * Starts an engine.
 *
 * @param reason the reason for its choice, for its description
 * @throws KicError if it does not start on this machine
 */
export type EngineStarter = (reason: string, options: CompiledEngineOptions) => Promise<Engine>

const startCompiled: EngineStarter = async (reason, options) => {
  const runtime = options.runtime ?? (await loadOnnxRuntime())
  await checkExecutionProviders(runtime, options.session)
  return new CompiledEngine(
    runtime,
    `compiled: TensorFlow.js recorded, run by ONNX Runtime (${reason})`,
    options,
  )
}

/**
 * The starter of tfjs-node or tfjs-node-gpu.
 *
 * @param load imports a package by name
 */
export const nativeStarter =
  (name: NativePackage, load: (module: string) => Promise<unknown>): EngineStarter =>
  async (reason) => {
    await startNativeBackend(name, load)
    const description = `${name}: native TensorFlow, operation by operation (${reason})`
    return new EagerEngine(name, NATIVE_BACKEND, description)
  }

// A name in a variable keeps bundlers from looking for an optional package.
const importByName = (module: string): Promise<unknown> => import(module)

const startWasm: EngineStarter = async (reason) => {
  try {
    await import('@tensorflow/tfjs-backend-wasm')
  } catch (cause) {
    throw notInstalled('@tensorflow/tfjs-backend-wasm', cause)
  }
  registerWasmKernels()
  return startBackend('wasm', reason)
}

const startBackend = async (name: 'wasm' | 'cpu', reason: string): Promise<Engine> => {
  const previous = tf.getBackend()
  const started = await tf.setBackend(name).catch(() => false)
  if (!started) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `selectEngine: the TensorFlow.js backend ${name} must start, received a failure. Use cpu, or in a browser set the URLs of its files with setWasmPaths.`,
    )
  }
  quietFirstUse()
  if (previous) await tf.setBackend(previous)
  return new EagerEngine(name, name, `${name}: TensorFlow.js, operation by operation (${reason})`)
}

/** The cpu backend's first tensor prints advice to install tfjs-node; the engine's description replaces it. */
const quietFirstUse = (): void => {
  const production = tf.env().getBool('PROD')
  tf.env().set('PROD', true)
  tf.scalar(0).dispose()
  tf.env().set('PROD', production)
}

/** The starter of each engine; by default the first that succeeds is taken. */
export const engineStarters: Readonly<Record<Engine['name'], EngineStarter>> = {
  'tfjs-node-gpu': nativeStarter('tfjs-node-gpu', importByName),
  compiled: startCompiled,
  webgpu: startWebgpu,
  'tfjs-node': nativeStarter('tfjs-node', importByName),
  wasm: startWasm,
  cpu: (reason) => startBackend('cpu', reason),
}
