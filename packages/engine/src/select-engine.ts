import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { CompiledEngine, type CompiledEngineOptions } from './compiled/compiled-engine.ts'
import { loadOnnxRuntime } from './compiled/onnx-runtime.ts'
import type { Engine } from './contract.ts'
import { EagerEngine } from './eager/eager-engine.ts'
import { registerWasmKernels } from './eager/wasm-kernels.ts'

/** What `selectEngine` can be asked for. */
export type EngineChoice = 'auto' | Engine['name']

const ORDER: readonly Engine['name'][] = ['tfjs-node-gpu', 'compiled', 'tfjs-node', 'wasm', 'cpu']

/**
 * The engine to run on. `auto` takes the first that starts of tfjs-node-gpu, compiled, tfjs-node, wasm and cpu; the
 * engine's `description` says which one that is, and why the ones before it were passed over.
 *
 * @throws KicError `engine/not-installed`, `engine/unavailable` or `engine/no-onnxruntime` with what to install, when a named engine does not
 *   start; `engine/unknown` for a name that is none.
 */
export const selectEngine = async (
  choice: EngineChoice = 'auto',
  options: CompiledEngineOptions = {},
): Promise<Engine> => {
  if (choice !== 'auto') return start(choice, 'as asked', options)
  const passed: string[] = []
  for (const name of ORDER) {
    try {
      const reason = passed.length === 0 ? 'the first choice' : `passed over: ${passed.join('; ')}`
      return await start(name, reason, options)
    } catch (error) {
      if (!(error instanceof KicError)) throw error
      passed.push(
        error.code === 'engine/not-installed'
          ? `${name} is not installed`
          : `${name} (${error.message.split('. ')[0]})`,
      )
    }
  }
  throw new KicError('engine/unavailable', `selectEngine: no engine starts here: ${passed.join('; ')}`)
}

const start = async (
  name: Engine['name'],
  reason: string,
  options: CompiledEngineOptions,
): Promise<Engine> => {
  switch (name) {
    case 'compiled':
      return new CompiledEngine(
        await loadOnnxRuntime(),
        `compiled: TensorFlow.js recorded, run by ONNX Runtime (${reason})`,
        options,
      )
    case 'tfjs-node-gpu':
    case 'tfjs-node':
      return startNative(name, reason)
    case 'wasm':
      await importBackend('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'))
      registerWasmKernels()
      return startBackend('wasm', 'wasm', reason)
    case 'cpu':
      return startBackend('cpu', 'cpu', reason)
    default:
      throw new KicError(
        'engine/unknown',
        `selectEngine: there is no engine "${String(name)}"; known: auto, ${ORDER.join(', ')}`,
      )
  }
}

const importBackend = async (module: string, load: () => Promise<unknown>): Promise<void> => {
  try {
    await load()
  } catch (cause) {
    throw new KicError(
      'engine/not-installed',
      `the package ${module} is not installed or does not load. Install it: npm install ${module}`,
      {
        cause,
      },
    )
  }
}

const startBackend = async (name: 'wasm' | 'cpu', backend: string, reason: string): Promise<Engine> => {
  const previous = tf.getBackend()
  const started = await tf.setBackend(backend).catch(() => false)
  if (!started)
    throw new KicError(
      'engine/unavailable',
      `the TensorFlow.js backend ${backend} does not start here. Use cpu.`,
    )
  quietFirstUse()
  if (previous) await tf.setBackend(previous)
  return new EagerEngine(name, backend, `${name}: TensorFlow.js, operation by operation (${reason})`)
}

/** The cpu backend's first tensor prints advice to install tfjs-node; the engine's description says what runs instead. */
const quietFirstUse = (): void => {
  const production = tf.env().getBool('PROD')
  tf.env().set('PROD', true)
  tf.scalar(0).dispose()
  tf.env().set('PROD', production)
}

/** tfjs-node and tfjs-node-gpu register the same backend name; which of the two is installed decides. */
const startNative = async (name: 'tfjs-node' | 'tfjs-node-gpu', reason: string): Promise<Engine> => {
  const module = `@tensorflow/${name}`
  // A name held in a variable keeps bundlers from looking for a package that need not be there.
  await importBackend(module, () => import(module))
  const previous = tf.getBackend()
  if (!(await tf.setBackend('tensorflow').catch(() => false))) {
    throw new KicError(
      'engine/unavailable',
      `${module} is installed but its backend does not start. Check that it and your code use one copy of @tensorflow/tfjs`,
    )
  }
  if (previous) await tf.setBackend(previous)
  return new EagerEngine(name, 'tensorflow', `${name}: native TensorFlow, operation by operation (${reason})`)
}
