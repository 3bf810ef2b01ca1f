import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadGoldenCase } from './golden-case.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-golden-'))
  await saveSafetensors(join(folder, 'a.safetensors'), {
    x: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) },
  })
  await saveSafetensors(join(folder, 'b.safetensors'), {
    y: { dtype: 'float32', shape: [], data: Float32Array.of(3) },
  })
})
afterEach(() => rm(folder, { recursive: true }))

const x = { role: 'input', file: 'a.safetensors', tolerance: 'exact' }
const y = { role: 'output', file: 'b.safetensors', tolerance: { atol: 0.1, rtol: 0.2 } }
const write = (json: unknown) => writeFile(join(folder, 'case.json'), JSON.stringify(json))

it('collects tensors from several files, and those of a variant', async () => {
  await write({ case: '01-a', title: 'A', tensors: { x, y }, tensors_other: { y } })
  const golden = await loadGoldenCase(folder)
  expect(golden).toMatchObject({ name: '01-a', title: 'A' })
  expect(golden.tensors).toEqual([
    { name: 'x', role: 'input', tolerance: { atol: 0, rtol: 0 } },
    { name: 'y', role: 'output', tolerance: { atol: 0.1, rtol: 0.2 } },
  ])
  expect(golden.values.y?.data).toEqual(Float32Array.of(3))
  expect(Object.keys((await loadGoldenCase(folder, 'other')).values)).toEqual(['y'])
})

it.each([
  ['no list', { case: '01-a' }],
  ['an unknown role', { tensors: { x: { ...x, role: 'secret' } } }],
  ['a tensor that the file lacks', { tensors: { z: x } }],
  ['no tolerance', { tensors: { x: { ...x, tolerance: 'about right' } } }],
])('refuses %s', async (_, json) => {
  await write(json)
  await expect(loadGoldenCase(folder)).rejects.toMatchObject({ code: 'nn/golden-case' })
})
