import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runtimePath } from './runtime-path.ts'

let elsewhere: string
beforeAll(async () => {
  elsewhere = join(await mkdtemp(join(tmpdir(), 'kic-no-runtime-')), 'app.js')
})
afterAll(() => rm(join(elsewhere, '..'), { recursive: true }))

it('searches from the next place if a bundle has no address, or nothing is installed there', () => {
  const here = join(import.meta.dirname, 'here.js')
  const found = runtimePath([here])
  expect(found).toMatch(/onnxruntime-node/)
  expect(runtimePath([undefined, here])).toBe(found)
  expect(runtimePath(['', 'not a path', elsewhere, here])).toBe(found)
})

it('gives the install command if it finds nothing', () => {
  expect(() => runtimePath([undefined, elsewhere])).toThrow(
    expect.objectContaining({
      code: 'predictor/no-onnxruntime',
      message: expect.stringContaining('npm install onnxruntime-node'),
    }),
  )
})
