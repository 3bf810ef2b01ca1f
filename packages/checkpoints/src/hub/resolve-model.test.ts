import { access, mkdtemp, readdir, readFile, readlink, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '@kic/core'
import { type HubServer, startHub } from '@kic/tool-hub-server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DownloadProgress, HubOptions } from './hub-options.ts'
import { resolveModel } from './resolve-model.ts'

const ID = 'klue/roberta-tiny'
const random = createRandom('hub')
const WEIGHTS = Uint8Array.from({ length: 300_000 }, () => random.int(256))
const FILES = {
  'config.json': new TextEncoder().encode('{"model_type":"roberta"}\n'),
  'vocab.txt': new TextEncoder().encode('[PAD]\n가\n'),
  'model.safetensors': WEIGHTS,
  'pytorch_model.bin': Uint8Array.of(1, 2, 3),
  'tf_model.h5': Uint8Array.of(4, 5, 6),
}

let cacheDir = ''
let hub: HubServer
beforeEach(async () => {
  vi.stubEnv('HF_TOKEN', '')
  vi.stubEnv('HF_HUB_OFFLINE', '')
  cacheDir = await mkdtemp(join(tmpdir(), 'kic-hub-'))
  hub = await startHub(ID, FILES)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  await rm(cacheDir, { recursive: true })
})

const resolve = (options: HubOptions = {}, id = ID): Promise<string> =>
  resolveModel(id, { cacheDir, hubUrl: hub.url, retryDelay: 1, ...options })

const weightRequests = () => hub.seen.filter(({ server }) => server === 'storage')
const blobs = () => readdir(join(cacheDir, 'models--klue--roberta-tiny', 'blobs'))

describe('resolveModel', () => {
  it('returns a folder unchanged', async () => {
    expect(await resolve({}, cacheDir)).toBe(cacheDir)
    expect(hub.seen).toEqual([])
    for (const wrong of ['./none', '../up/there', '/none', 'a/b/c', 'a--b', 'a/..', '']) {
      await expect(resolve({}, wrong)).rejects.toMatchObject({ code: 'checkpoints/no-model' })
    }
  })

  it('downloads the files of a model into the layout of the common cache, and only once', async () => {
    const progress: DownloadProgress[] = []
    const folder = await resolve({ onProgress: (step) => progress.push(step) })
    const cache = join(cacheDir, 'models--klue--roberta-tiny')
    expect(folder).toBe(join(cache, 'snapshots', hub.commit))
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'vocab.txt'])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('{"model_type":"roberta"}\n')
    expect(await readFile(join(cache, 'refs', 'main'), 'utf8')).toBe(hub.commit)
    // Blobs are named by git hash-object and sha256sum, as in Python's cache.
    expect(await readlink(join(folder, 'config.json'))).toBe(
      '../../blobs/1a191bdb608f21bbbf12946dcb02c87f4a58735b',
    )
    const total = WEIGHTS.length + 25 + 10
    expect(progress.at(-1)).toMatchObject({ totalReceived: total, totalSize: total })
    expect(progress.filter(({ file }) => file === 'model.safetensors').length).toBeGreaterThan(2)

    const before = hub.seen.length
    expect(await resolve()).toBe(folder)
    expect(hub.seen.slice(before).every(({ path }) => path.startsWith('/api/'))).toBe(true)
    expect(await resolve({ revision: hub.commit })).toBe(folder)
  })

  it('works offline from the cache, without any request', async () => {
    await expect(resolve({ offline: true })).rejects.toMatchObject({ code: 'checkpoints/offline' })
    const folder = await resolve()
    const before = hub.seen.length
    expect(await resolve({ offline: true })).toBe(folder)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await resolve({ revision: hub.commit })).toBe(folder)
    expect(hub.seen.length).toBe(before)
    await expect(resolve({ revision: 'v2' })).rejects.toMatchObject({ code: 'checkpoints/offline' })
  })

  it('refuses a model without a requested tokenizer before downloading weights', async () => {
    const id = 'klue/roberta-mute'
    const { 'vocab.txt': _, ...files } = FILES
    const mute = await startHub(id, files)
    const wanted = { hubUrl: mute.url, tokenizer: true }
    try {
      await expect(resolve(wanted, id)).rejects.toMatchObject({
        code: 'checkpoints/no-tokenizer',
        message: expect.stringContaining(id),
      })
      expect(mute.seen.filter(({ server }) => server === 'storage')).toEqual([])
      const folder = await resolve({ hubUrl: mute.url }, id)
      await expect(resolve({ ...wanted, offline: true }, id)).rejects.toMatchObject({
        code: 'checkpoints/offline',
      })
      await expect(resolve({ tokenizer: true }, folder)).rejects.toMatchObject({
        code: 'checkpoints/no-tokenizer',
      })
    } finally {
      await mute.close()
    }
    const folder = await resolve({ tokenizer: true })
    expect(await resolve({ tokenizer: true, offline: true })).toBe(folder)
    expect(await resolve({ tokenizer: true }, folder)).toBe(folder)
  })

  it('resumes a broken connection without requesting received bytes again', async () => {
    hub.faults = { cut: [100_000, 50_000] }
    const folder = await resolve()
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
    const ranges = weightRequests().map(({ range, status }) => [range, status])
    expect(ranges).toEqual([
      [undefined, 200],
      ['bytes=100000-', 206],
      ['bytes=150000-', 206],
    ])
  })

  it('resumes in a later run where an earlier one stopped', async () => {
    hub.faults = { cut: [120_000] }
    await expect(resolve({ retries: 0 })).rejects.toMatchObject({ code: 'checkpoints/hub-unreachable' })
    expect((await blobs()).filter((name) => name.endsWith('.incomplete')).length).toBe(1)
    await expect(resolve({ offline: true })).rejects.toMatchObject({ code: 'checkpoints/offline' })
    const folder = await resolve()
    expect(weightRequests().at(-1)?.range).toBe('bytes=120000-')
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
    expect((await blobs()).some((name) => name.endsWith('.incomplete'))).toBe(false)
  })

  it('starts again if the server does not support ranges', async () => {
    hub.faults = { cut: [100_000], noRanges: true }
    const folder = await resolve()
    expect(weightRequests().map(({ status }) => status)).toEqual([200, 200])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
  })

  it('abandons a stalled connection', async () => {
    hub.faults = { stall: 1 }
    const folder = await resolve({ stallTimeout: 200 })
    expect(weightRequests().map(({ range }) => range)).toEqual([undefined, 'bytes=1-'])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
  })

  it('downloads again after a wrong checksum, and keeps nothing if it stays wrong', async () => {
    hub.faults = { corrupt: 1 }
    const folder = await resolve()
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('{"model_type":"roberta"}\n')
    await rm(cacheDir, { recursive: true })
    hub.faults = { corrupt: 99 }
    await expect(resolve()).rejects.toMatchObject({
      code: 'checkpoints/checksum',
      message: expect.stringContaining('config.json'),
    })
    expect(await blobs()).toEqual([])
  })

  it('does not trust a broken earlier part', async () => {
    hub.faults = { cut: [120_000] }
    await expect(resolve({ retries: 0 })).rejects.toMatchObject({ code: 'checkpoints/hub-unreachable' })
    const [partial = ''] = (await blobs()).filter((name) => name.endsWith('.incomplete'))
    const path = join(cacheDir, 'models--klue--roberta-tiny', 'blobs', partial)
    await writeFile(path, new Uint8Array(120_000))
    const folder = await resolve()
    expect(
      weightRequests()
        .slice(-2)
        .map(({ range }) => range),
    ).toEqual(['bytes=120000-', undefined])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(WEIGHTS)
  })

  it('replaces a truncated file in the cache', async () => {
    const path = join(await resolve(), 'model.safetensors')
    await truncate(path, 1000)
    expect(new Uint8Array(await readFile(join(await resolve(), 'model.safetensors')))).toEqual(WEIGHTS)
  })

  it('refuses more bytes than were announced', async () => {
    hub.faults = { longer: true }
    await expect(resolve()).rejects.toMatchObject({ code: 'checkpoints/hub-size' })
  })

  it('waits for a busy server, but not forever', async () => {
    hub.faults = { busy: 3 }
    await access(await resolve())
    hub.faults = { busy: 99 }
    await expect(resolve({ retries: 2 })).rejects.toMatchObject({
      code: 'checkpoints/hub',
      message: expect.stringContaining('503'),
    })
  })

  it('reports what is missing, forbidden or unreachable', async () => {
    await expect(resolve({}, 'klue/none')).rejects.toMatchObject({
      code: 'checkpoints/hub-not-found',
      message: expect.stringContaining('klue/none'),
    })
    await expect(resolve({ revision: 'v9' })).rejects.toMatchObject({ code: 'checkpoints/hub-not-found' })
    await expect(resolve({ revision: '../../x' })).rejects.toMatchObject({ code: 'checkpoints/hub-revision' })
    await expect(resolve({ hubUrl: 'http://127.0.0.1:9', retries: 1 })).rejects.toMatchObject({
      code: 'checkpoints/hub-unreachable',
      message: expect.stringContaining('HF_HUB_OFFLINE'),
    })
  })

  it('sends the token of the environment to the Hub, and never to the storage', async () => {
    hub.faults = { token: 'hf_secret' }
    await expect(resolve()).rejects.toMatchObject({
      code: 'checkpoints/hub-unauthorized',
      message: expect.stringContaining('HF_TOKEN'),
    })
    await expect(resolve({ token: 'secret' })).rejects.toMatchObject({ code: 'checkpoints/hub-token' })
    await expect(resolve({ token: 'hf_other' })).rejects.toMatchObject({
      code: 'checkpoints/hub-unauthorized',
      message: expect.not.stringContaining('hf_other'),
    })
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    vi.stubEnv('HF_ENDPOINT', `${hub.url}/`)
    await access(await resolveModel(ID, { cacheDir }))
    expect(weightRequests().map(({ token }) => token)).toEqual([undefined])
  })

  it('downloads shards with their index, and refuses a model without weights', async () => {
    await hub.close()
    const shard = 'model-00001-of-00001.safetensors'
    hub = await startHub(ID, {
      'model.safetensors.index.json': FILES['config.json'],
      [shard]: WEIGHTS,
      'x.bin': WEIGHTS,
    })
    expect((await readdir(await resolve())).sort()).toEqual([shard, 'model.safetensors.index.json'])
    await hub.close()
    hub = await startHub(ID, { 'config.json': FILES['config.json'], 'tf_model.h5': WEIGHTS })
    await expect(resolve()).rejects.toMatchObject({ code: 'checkpoints/no-weights' })
  })
})

it('loads tensors from the Hub', async () => {
  const { loadTensors } = await import('../read-tensors.ts')
  const model = fileURLToPath(new URL('../__fixtures__/torch-bin/model.safetensors', import.meta.url))
  await hub.close()
  hub = await startHub(ID, { 'model.safetensors': await readFile(model) })
  expect(await loadTensors(await resolve())).toEqual(await loadTensors(model))
})
