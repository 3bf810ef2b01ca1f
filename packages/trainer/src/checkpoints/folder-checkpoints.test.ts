import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, defined } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initialState } from '../resume.ts'
import type { BestRecord, Checkpoint } from './checkpoint.ts'
import { formatJson, parseJson } from './exact-json.ts'
import { folderCheckpoints } from './folder-checkpoints.ts'

let folder = ''
let warnings: string[] = []
const warn = (message: string): void => void warnings.push(message)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-checkpoints-'))
  warnings = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const tensor = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
})
const best = (step: number): BestRecord => ({
  step,
  epoch: 1,
  metrics: { f1: step },
  metric: 'f1',
  value: step,
})
const checkpoint = (step: number, bestStep?: number): Checkpoint => ({
  state: {
    ...initialState(3),
    step,
    epochs: [{ epoch: 0, loss: Number.NaN }],
    evaluations: [{ step, epoch: 0.5, metrics: { perplexity: Number.POSITIVE_INFINITY, f1: 0.1 + 0.2 } }],
    best: bestStep === undefined ? null : best(bestStep),
  },
  params: { w: tensor(step, 0.1, -0) },
  optimizer: { step: step - 1, moments: { 'w.m': tensor(1, 2, 3), 'w.v': tensor(4, 5, 6) } },
  averages: { w: tensor(7, 8, 9) },
})
const names = async (): Promise<string[]> => (await readdir(folder)).sort()

describe('folderCheckpoints', () => {
  it('loads what it saved, including numbers that JSON lacks', async () => {
    const store = folderCheckpoints(join(folder, 'a', 'b'))
    await store.prepare()
    expect(await store.latest()).toBeUndefined()
    const path = await store.save(checkpoint(12))
    expect(await store.latest()).toEqual({ checkpoint: checkpoint(12), path })
    const file = await loadSafetensors(join(path, 'model.safetensors'))
    expect(file.metadata).toEqual({ format: 'pt' })
  })

  it('keeps the last checkpoints, and their best parameters', async () => {
    const store = folderCheckpoints(folder, { keepLast: 2 })
    for (const step of [1, 2, 3, 4, 5]) {
      if (step !== 4) await store.saveBest(step, checkpoint(step).params)
      await store.save(checkpoint(step, step === 4 ? 3 : step))
    }
    expect(await names()).toEqual([
      'best-00000003',
      'best-00000005',
      'checkpoint-00000004',
      'checkpoint-00000005',
    ])
    expect(await store.loadBest(3)).toEqual(checkpoint(3).params)
    expect(() => folderCheckpoints(folder, { keepLast: 0 })).toThrow(/received 0/)
  })

  it('skips a damaged checkpoint with a warning', async () => {
    const random = createRandom('damage')
    const damages: readonly (readonly [string, (path: string) => Promise<void>])[] = [
      ['cut', async (path) => truncate(path, random.int((await readFile(path)).length))],
      [
        'flipped',
        async (path) => {
          const bytes = await readFile(path)
          const at = random.int(bytes.length)
          bytes[at] = defined(bytes[at]) ^ (1 << random.int(8))
          await writeFile(path, bytes)
        },
      ],
      ['longer', async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.from(' ')]))],
      ['gone', (path) => rm(path)],
    ]
    for (const file of ['model.safetensors', 'optimizer.safetensors', 'averages.safetensors', 'state.json']) {
      for (const [kind, damage] of damages) {
        // A space after the JSON is harmless.
        if (file === 'state.json' && kind === 'longer') continue
        const store = folderCheckpoints(folder, { warn })
        await store.save(checkpoint(1))
        await damage(join(await store.save(checkpoint(2)), file))
        warnings = []
        expect((await store.latest())?.checkpoint, `${file} ${kind}`).toEqual(checkpoint(1))
        expect(warnings, `${file} ${kind}`).toHaveLength(1)
        expect(warnings[0]).toContain('checkpoint-00000002')
      }
    }
  })

  it('detects a state that was changed by hand', async () => {
    const store = folderCheckpoints(folder, { warn })
    const state = join(await store.save(checkpoint(2)), 'state.json')
    await writeFile(state, (await readFile(state, 'utf8')).replace('"optimizerStep":1', '"optimizerStep":3'))
    await expect(store.latest()).rejects.toThrow(/state.json was changed/)
  })

  it('throws if no checkpoint is complete', async () => {
    const store = folderCheckpoints(folder, { warn })
    await rm(join(await store.save(checkpoint(1)), 'state.json'))
    await expect(store.latest()).rejects.toMatchObject({ code: 'trainer/no-whole-checkpoint' })
  })

  it('replaces damaged checkpoints, and keeps the newest complete one', async () => {
    const store = folderCheckpoints(folder, { keepLast: 1, warn })
    await folderCheckpoints(folder, { keepLast: 9 }).save(checkpoint(10))
    await rm(join(await folderCheckpoints(folder, { keepLast: 9 }).save(checkpoint(20)), 'state.json'))
    expect((await store.latest())?.checkpoint.state.step).toBe(10)
    await store.save(checkpoint(15))
    expect(await names()).toEqual(['checkpoint-00000015'])
    await store.save(checkpoint(20))
    expect((await store.latest())?.checkpoint.state.step).toBe(20)
    await store.save(checkpoint(17))
    expect(await names()).toEqual(['checkpoint-00000017', 'checkpoint-00000020'])
  })

  it('removes the leftovers of an interrupted save alone', async () => {
    await mkdir(join(folder, '.kic-checkpoint-00000003-abc.tmp'))
    await writeFile(join(folder, '.kic-checkpoint-00000003-abc.tmp', 'model.safetensors'), 'half')
    await mkdir(join(folder, 'notes'))
    const store = folderCheckpoints(folder)
    await store.prepare()
    expect(await names()).toEqual(['notes'])
    expect(await store.steps()).toEqual([])
  })

  it('reports a failed write, and keeps the older checkpoint', async () => {
    const store = folderCheckpoints(folder, { warn })
    await store.save(checkpoint(1))
    const broken = { ...checkpoint(2), params: { w: { ...tensor(1), shape: [2] } } }
    await expect(store.save(broken)).rejects.toMatchObject({ code: 'safetensors/tensor-size' })
    expect(await names()).toEqual(['checkpoint-00000001'])
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(folderCheckpoints(file).prepare()).rejects.toMatchObject({
      code: 'trainer/checkpoint-folder',
    })
    await expect(folderCheckpoints(file).save(checkpoint(1))).rejects.toThrow(
      /must be writable, received .*(ENOTDIR|EEXIST)/,
    )
  })

  it('refuses another version', async () => {
    const store = folderCheckpoints(folder, { warn })
    const { writeSealedFolder } = await import('./sealed-folder.ts')
    await writeSealedFolder(join(folder, 'checkpoint-00000001'), {}, { version: 99 })
    await expect(store.latest()).rejects.toThrow(/must have version 1, received .* version 99/)
  })
})

it('preserves numbers that JSON lacks', () => {
  const value = { a: [Number.NaN, 1 / 3], b: { c: Number.NEGATIVE_INFINITY }, d: null }
  expect(parseJson(formatJson(value))).toEqual(value)
})
