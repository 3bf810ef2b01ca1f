import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'
import { startHub } from '@kic/tool-hub-server'
import { tinyKlue } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pretrainedEncoder } from './pretrained-encoder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-pretrained-'))
})
afterAll(() => rm(folder, { recursive: true }))

const load = async (name: string, preparation: TextPreparation | undefined): Promise<unknown> => {
  const said =
    preparation === undefined
      ? {}
      : { 'preparation.json': new TextEncoder().encode(JSON.stringify(preparation)) }
  const hub = await startHub(name, { ...(await tinyKlue(['카센터에서 정비', '논에서 재배'])), ...said })
  try {
    return await pretrainedEncoder(name, 40, { hubUrl: hub.url, cacheDir: join(folder, 'cache') })
  } finally {
    await hub.close()
  }
}

it('accepts encoders with the same preparation as a run, or without a stated one', async () => {
  await expect(load('kic/silent', undefined)).resolves.toBeDefined()
  await expect(load('kic/same', defaultPreparation)).resolves.toBeDefined()
  await expect(load('kic/other', { ...defaultPreparation, normalization: 'nfkc' })).rejects.toMatchObject({
    code: 'example/pretrained',
    message: expect.stringContaining('(kic-text 1, NFKC,'),
  })
})
