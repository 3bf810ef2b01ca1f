import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'

/** The packages with TensorFlow's native library. Both register the backend `tensorflow`. */
export type NativePackage = 'tfjs-node' | 'tfjs-node-gpu'

/** The name of the backend that they register. */
export const NATIVE_BACKEND = 'tensorflow'

/** Functions that Node.js 23 removed from `util`, and that tfjs-node 4.22 calls when it reads the type of a tensor. */
const REMOVED = {
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
} as const

/** Restores those missing from `util`, and changes nothing else. */
export const restoreUtil = (util: object): void => {
  for (const [name, value] of Object.entries(REMOVED)) {
    if (name in util) continue
    Object.defineProperty(util, name, { value, configurable: true, enumerable: true, writable: true })
  }
}

/** The package of the registered backend: a process can load only one of them. */
let loaded: NativePackage | undefined

/**
 * Loads tfjs-node or tfjs-node-gpu and starts its backend, without making it TensorFlow.js's current backend.
 *
 * @param load imports a package by its name
 * @throws KicError `engine/not-installed` if the package is missing; `engine/unavailable` if its native library is
 *   missing, the other package is already loaded, or tfjs-node-gpu finds no GPU
 */
export const startNativeBackend = async (
  name: NativePackage,
  load: (module: string) => Promise<unknown>,
): Promise<void> => {
  const module = `@tensorflow/${name}`
  if (loaded !== undefined && loaded !== name) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `selectEngine: a process must load one native package, received ${module}, but @tensorflow/${loaded} is loaded. ` +
        'Use a process of its own.',
    )
  }
  const util: unknown = globalThis.process?.getBuiltinModule?.('node:util')
  if (typeof util === 'object' && util !== null) restoreUtil(util)
  try {
    await load(module)
  } catch (cause) {
    throw isMissing(cause, module) ? notInstalled(module, cause) : notLoaded(module, cause)
  }
  const previous = tf.getBackend()
  if (!(await tf.setBackend(NATIVE_BACKEND).catch(() => false))) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `selectEngine: the backend of ${module} must start, received a failure. Check that it and your code use one copy of ` +
        '@tensorflow/tfjs.',
    )
  }
  loaded = name
  const usesGpu = Object.entries(tf.backend()).find(([key]) => key === 'isUsingGpuDevice')?.[1]
  if (previous) await tf.setBackend(previous)
  if (name === 'tfjs-node-gpu' && usesGpu === false) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `selectEngine: ${module} must have a GPU, received none. Check the CUDA installation, or use another engine.`,
    )
  }
}

/** Whether Node.js, a bundler or a browser did not find the package itself, rather than one of its dependencies. */
const isMissing = (cause: unknown, module: string): boolean => {
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : []
  return /cannot find|resolve|specifier/i.test(reason) && new RegExp(`['"“]${module}['"”]`).test(reason)
}

/** The error for an optional package that is missing. */
export const notInstalled = (module: string, cause: unknown): KicError =>
  new KicError<EngineErrorCode>(
    'engine/not-installed',
    `selectEngine: the package ${module} must be installed, received no such package. Install it: npm install ${module}.`,
    { cause },
  )

const notLoaded = (module: string, cause: unknown): KicError => {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  return new KicError<EngineErrorCode>(
    'engine/unavailable',
    `selectEngine: ${module} must load, received an error (${reason?.replace(/\.\s*$/, '')}). Its install script downloads ` +
      `TensorFlow's native library from storage.googleapis.com. Run it again with access to it: npm rebuild ${module}.`,
    { cause },
  )
}
