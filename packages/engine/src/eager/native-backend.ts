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

/** Puts back what of them is missing in `util`, and changes nothing else there. */
export const restoreUtil = (util: object): void => {
  for (const [name, value] of Object.entries(REMOVED)) {
    if (name in util) continue
    Object.defineProperty(util, name, { value, configurable: true, enumerable: true, writable: true })
  }
}

/** Which package the backend is of: a process can hold one of them. */
let loaded: NativePackage | undefined

/**
 * Loads tfjs-node or tfjs-node-gpu and starts its backend, without making it TensorFlow.js's present one.
 *
 * @param load imports a package by its name
 * @throws KicError `engine/not-installed` where the package is missing; `engine/unavailable` where its native library is,
 *   where the other package is loaded already, or where tfjs-node-gpu finds no GPU.
 */
export const startNativeBackend = async (
  name: NativePackage,
  load: (module: string) => Promise<unknown>,
): Promise<void> => {
  const module = `@tensorflow/${name}`
  if (loaded !== undefined && loaded !== name) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `@tensorflow/${loaded} is loaded in this process, beside which ${module} cannot be. Start a process of its own`,
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
      `${module} is installed but its backend does not start. Check that it and your code use one copy of @tensorflow/tfjs`,
    )
  }
  loaded = name
  const usesGpu = Object.entries(tf.backend()).find(([key]) => key === 'isUsingGpuDevice')?.[1]
  if (previous) await tf.setBackend(previous)
  if (name === 'tfjs-node-gpu' && usesGpu === false) {
    throw new KicError<EngineErrorCode>(
      'engine/unavailable',
      `${module} finds no GPU and would compute on the CPU. Check the CUDA installation, or use another engine`,
    )
  }
}

/** Whether it was the package itself that was not found, by Node.js, a bundler or a browser, and not what it needs. */
const isMissing = (cause: unknown, module: string): boolean => {
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : []
  return /cannot find|resolve|specifier/i.test(reason) && new RegExp(`['"“]${module}['"”]`).test(reason)
}

/** An optional package that is not there. */
export const notInstalled = (module: string, cause: unknown): KicError =>
  new KicError<EngineErrorCode>(
    'engine/not-installed',
    `the package ${module} is not installed. Install it: npm install ${module}`,
    { cause },
  )

const notLoaded = (module: string, cause: unknown): KicError => {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  return new KicError<EngineErrorCode>(
    'engine/unavailable',
    `${module} is installed but does not load (${reason?.replace(/\.\s*$/, '')}). Its install script downloads TensorFlow's native ` +
      `library from storage.googleapis.com; run it again where that can be reached: npm rebuild ${module}`,
    { cause },
  )
}
