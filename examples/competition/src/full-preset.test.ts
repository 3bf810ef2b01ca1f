import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { startHub } from '@kic/tool-hub-server'
import { tinyKlue } from '@kic/tool-tiny-models'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const main = fileURLToPath(new URL('main.ts', import.meta.url))

it('--preset full downloads an encoder from the Hub, trains, votes and submits, and repeats offline from the cache', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-full-'))
  const rows = Array.from(generateRows({ rows: 20_000, seed: 1 }))
    .filter(({ group }) => ['011', '561', '952'].includes(group))
    .slice(0, 120)
  const data = join(folder, 'rows.tsv')
  await writeFile(data, rows.map((row) => `${joinFields(row)}\t${row.group}\n`).join(''))
  const hub = await startHub('klue/roberta-small', await tinyKlue(rows.map(joinFields)))
  const competition = (output: string, env: Readonly<Record<string, string>>) =>
    run(
      process.execPath,
      [
        ...['--conditions=@kic/source', '--import', 'tsx', main, '--preset', 'full', '--only', 'group-small'],
        ...['--data', data, '--output', join(folder, output), '--engine', 'compiled'],
      ],
      {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        env: {
          ...process.env,
          HF_TOKEN: '',
          HF_HUB_CACHE: join(folder, 'cache'),
          HF_ENDPOINT: hub.url,
          ...env,
        },
      },
    )
  try {
    const { stdout } = await competition('first', { HF_HUB_OFFLINE: '' })
    expect(stdout).toContain('member/group-small is done')
    const results = ['metrics.json', 'model', 'predictions.csv', 'report.html', 'submission.csv']
    expect(await readdir(join(folder, 'first'))).toEqual(expect.arrayContaining(results))
    const requests = hub.seen.length
    expect(requests).toBeGreaterThan(5)
    await hub.close()

    await competition('offline', { HF_HUB_OFFLINE: '1' })
    expect(hub.seen.length).toBe(requests)
    const [first, again] = await Promise.all(
      ['first', 'offline'].map((output) => readFile(join(folder, output, 'submission.csv'))),
    )
    expect(again?.equals(first ?? Buffer.alloc(0))).toBe(true)
  } finally {
    await hub.close().catch(() => {})
    await rm(folder, { recursive: true })
  }
}, 120_000)
