import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHub } from '@kic/tool-hub-server'
import { tinyKlue } from '@kic/tool-tiny-models'
import { expect, it, vi } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

it('begins with an encoder of the Hub and its tokenizer, and again offline; without either it says so at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-from-hub-'))
  const texts = Array.from(
    { length: 120 },
    (_, i) => `${i % 2 === 0 ? '카센터 타이어' : '논에서 벼 재배'} ${i}`,
  )
  const data = join(folder, 'rows.tsv')
  await writeFile(data, texts.map((text, i) => `${text}\t${i % 2 === 0 ? '952' : '011'}\n`).join(''))
  const hub = await startHub('klue/roberta-small', await tinyKlue(texts))
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HF_HUB_CACHE', join(folder, 'cache'))
  vi.stubEnv('HF_TOKEN', '')
  vi.stubEnv('HF_HUB_OFFLINE', '')
  const from = ['--from', 'klue/roberta-small', '--epochs', '1']
  try {
    const trained = await kic('train', data, '-o', join(folder, 'model'), ...from)
    expect([trained.code, trained.err]).toEqual([
      0,
      expect.stringContaining('learning rate 0.0008 (for a pretrained encoder of hidden size 32)'),
    ])
    const pretrained = await kic('tapt', data, '-o', join(folder, 'encoder'), ...from)
    expect(pretrained).toMatchObject({ code: 0 })
    await hub.close()
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await kic('train', data, '-o', join(folder, 'offline'), ...from)).toMatchObject({ code: 0 })
    vi.stubEnv('HF_HUB_CACHE', join(folder, 'empty'))
    for (const command of ['train', 'tapt']) {
      const refused = await kic(command, data, '-o', join(folder, 'none'), ...from)
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringMatching(/^error: .*klue\/roberta-small.*\n$/),
      ])
    }
  } finally {
    vi.unstubAllEnvs()
    await hub.close().catch(() => undefined)
    await rm(folder, { recursive: true })
  }
})
