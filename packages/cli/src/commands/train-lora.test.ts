import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-lora-'))
  const rows = Array.from({ length: 90 }, (_, i) => `${['goal', 'vote', 'orbit'][i % 3]} ${i},${i % 3}`)
  await writeFile(join(folder, 'rows.csv'), `text,label\n${rows.join('\n')}\n`)
  // Nothing is measured here.
  const brief = { batchSize: 16, epochs: 1, export: ['float32'], calibrate: false, baseline: false }
  const encoder = { hidden: 16, layers: 1, vocabulary: 120 }
  await writeFile(join(folder, 'base.json'), JSON.stringify({ ...brief, encoder }))
  const lora = { rank: 2, alpha: 8, targets: ['key'] }
  await writeFile(join(folder, 'lora.json'), JSON.stringify({ ...brief, lora }))
})
afterAll(() => rm(folder, { recursive: true }))

const train = async (output: string, config: string, ...args: string[]) => {
  const io = fakeIo()
  const files = [join(folder, 'rows.csv'), '-o', join(folder, output), '--config', join(folder, config)]
  const code = await run(['train', ...files, '--engine', 'compiled', ...args], io)
  return { code, err: io.told() }
}

it('kic train --lora trains adapters on the model of --from, with the other values of the config', async () => {
  const none = await train('none', 'base.json', '--lora', '2')
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('lora: it needs a pretrained encoder')])
  expect((await train('base', 'base.json')).code).toBe(0)
  const adapted = await train('adapted', 'lora.json', '--from', join(folder, 'base'), '--lora', '4')
  expect([adapted.code, adapted.err]).toEqual([
    0,
    expect.stringMatching(/LoRA of rank 4, alpha 8, on key: [\d,]+ of [\d,]+ parameters are trained/),
  ])
  expect(await readdir(join(folder, 'adapted', 'adapter'))).toContain('adapter_config.json')
}, 60_000)
