import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const TEXTS = {
  sport: ['공격수가 득점했다', '선수가 골을 넣었다', 'the striker scored', '⚽🏆'],
  space: ['탐사선이 궤도를 돈다', '로켓이 발사되었다', 'the probe orbits Mars', '🚀🌙'],
}

it('a model answers the scripts and the emoji of its training rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-mixed-'))
  const kic = async (...args: string[]) => {
    const io = fakeIo()
    expect([args, await run(args, io), io.told()]).toEqual([args, 0, expect.anything()])
    return io.printed()
  }
  const [data, model] = [join(folder, 'rows.csv'), join(folder, 'model')]
  const rows = Array.from({ length: 240 }, (_, i) => {
    const [label, texts] = Object.entries(TEXTS)[i % 2] ?? ['', []]
    const text = texts[(i >> 1) % 4] ?? ''
    return `${/\p{L}/u.test(text) ? `${text} ${i}` : text},${label}\n`
  })
  await writeFile(data, `text,label\n${rows.join('')}`)
  const sizes = '--hidden 32 --layers 1 --vocabulary 200 --batch-size 16 --learning-rate 0.01 --epochs 4'
  try {
    await kic('train', data, '-o', model, ...sizes.split(' '))
    expect(await kic('inspect', model)).toContain('any script, texts without letters too')
    for (const [label, texts] of Object.entries(TEXTS)) {
      const answers = (await kic('predict', '-m', model, '--json', ...texts)).trim().split('\n')
      expect(answers.map((line) => JSON.parse(line).codes?.label.code)).toEqual(texts.map(() => label))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)
