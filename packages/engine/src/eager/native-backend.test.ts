import * as util from 'node:util'
import { isKicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { standIn } from './__fixtures__/stand-in.ts'
import { NATIVE_BACKEND, type NativePackage, restoreUtil } from './native-backend.ts'

/** A fresh copy of the module, which remembers the package loaded in the process. */
const start = async (name: NativePackage, load: (module: string) => Promise<unknown>) =>
  (await import('./native-backend.ts')).startNativeBackend(name, load)

const failure = async (started: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error: unknown = await started.then(
    () => new Error('it started'),
    (thrown: unknown) => thrown,
  )
  if (!isKicError(error)) throw error
  return { code: error.code, message: error.message }
}

const notFound = (what: string) =>
  Object.assign(new Error(`Cannot find package '${what}' imported from here`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })

beforeEach(async () => {
  vi.resetModules()
  vi.doMock('@tensorflow/tfjs', () => tf)
  await tf.setBackend('cpu')
})
afterEach(async () => {
  await tf.setBackend('cpu')
  if (tf.findBackendFactory(NATIVE_BACKEND) !== null) tf.removeBackend(NATIVE_BACKEND)
})

describe('startNativeBackend', () => {
  it('starts the backend and keeps the current one', async () => {
    const asked: string[] = []
    await start('tfjs-node', async (module) => {
      asked.push(module)
      await standIn({ gpu: false })
    })
    expect(asked).toEqual(['@tensorflow/tfjs-node'])
    expect(tf.findBackend(NATIVE_BACKEND)).not.toBeNull()
    expect(tf.getBackend()).toBe('cpu')
  })

  it('says what to install, or what an installed package lacks', async () => {
    const missing = await failure(start('tfjs-node', () => Promise.reject(notFound('@tensorflow/tfjs-node'))))
    expect(missing.code).toBe('engine/not-installed')
    expect(missing.message).toContain('npm install @tensorflow/tfjs-node')
    for (const said of [
      "Failed to resolve module specifier '@tensorflow/tfjs-node'", // Chromium
      'The specifier “@tensorflow/tfjs-node” was a bare specifier, but was not remapped to anything.', // Firefox
      "Module name, '@tensorflow/tfjs-node' does not resolve to a valid URL.", // Safari
      'Could not resolve "@tensorflow/tfjs-node" imported by "@kic/engine". Is it installed?', // Vite
    ]) {
      const { code } = await failure(start('tfjs-node', () => Promise.reject(new TypeError(said))))
      expect(code).toBe('engine/not-installed')
    }
    // The first line of the package's own error if its native library is missing.
    const binding = new Error(
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \nmore',
    )
    const incomplete = await failure(start('tfjs-node-gpu', () => Promise.reject(binding)))
    expect(incomplete.code).toBe('engine/unavailable')
    expect(incomplete.message).toContain('tfjs_binding.node')
    expect(incomplete.message).toContain('npm rebuild @tensorflow/tfjs-node-gpu')
    const needs = await failure(start('tfjs-node', () => Promise.reject(notFound('@mapbox/node-pre-gyp'))))
    expect(needs.code).toBe('engine/unavailable')
    expect(needs.message).toContain('@mapbox/node-pre-gyp')
  })

  it('refuses a package that registers its backend with another copy of TensorFlow.js', async () => {
    const { code, message } = await failure(start('tfjs-node', async () => ({})))
    expect(code).toBe('engine/unavailable')
    expect(message).toContain('one copy of @tensorflow/tfjs')
    expect(tf.getBackend()).toBe('cpu')
  })

  it('accepts tfjs-node-gpu only with a GPU, and only one of the two packages', async () => {
    const without = await failure(start('tfjs-node-gpu', () => standIn({ gpu: false })))
    expect(without.message).toContain('must have a GPU')
    expect(tf.getBackend()).toBe('cpu')
    const second = await failure(start('tfjs-node', () => standIn({ gpu: false })))
    expect(second.message).toContain('@tensorflow/tfjs-node-gpu is loaded')
    vi.resetModules()
    tf.removeBackend(NATIVE_BACKEND)
    await start('tfjs-node-gpu', () => standIn({ gpu: true }))
  })
})

describe('restoreUtil', () => {
  it('restores what Node.js 23 removed, and keeps what exists', () => {
    const bare: Record<string, unknown> = { inspect: util.inspect, isArray: 'kept' }
    restoreUtil(bare)
    expect(bare).toEqual({ inspect: util.inspect, isArray: 'kept', isNullOrUndefined: expect.any(Function) })
    const isNullOrUndefined = Object(bare.isNullOrUndefined)
    expect([null, undefined, 0, '', false].map((value) => isNullOrUndefined(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
