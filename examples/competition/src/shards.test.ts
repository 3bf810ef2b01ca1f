import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const main = fileURLToPath(new URL('main.ts', import.meta.url))

it('two shards with one store make the bytes of a single run, from which the command without shards concludes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-shards-'))
  const at = (name: string): string => join(folder, name)
  const competition = async (output: string, ...options: readonly string[]): Promise<string> => {
    const { stdout } = await run(
      process.execPath,
      [
        ...['--conditions=@kic/source', '--import', 'tsx', main, '--preset', 'smoke', '--epochs', '1'],
        ...['--only', 'group-small', 'group-naive-bayes'],
        ...['--data', at('rows.tsv'), '--output', at(output), '--engine', 'compiled', ...options],
      ],
      { cwd: fileURLToPath(new URL('../../..', import.meta.url)) },
    )
    return stdout
  }
  const shared = ['--store', at('shared')]
  const planned = [...shared, '--plan', at('plan.json')]
  try {
    const rows = Array.from(generateRows({ rows: 20_000, seed: 1 }))
      .filter(({ group }) => ['011', '561', '952'].includes(group))
      .slice(0, 200)
    await writeFile(at('rows.tsv'), rows.map((row) => `${joinFields(row)}\t${row.group}\n`).join(''))
    await Promise.all([competition('single'), competition('planner', ...planned)])
    expect((await readdir(folder)).sort()).toEqual(['plan.json', 'rows.tsv', 'single'])

    const shards = ['1/2', '2/2'].map((shard) => competition('worker', ...planned, '--shard', shard))
    for (const told of await Promise.all(shards)) expect(told).toContain('is done after')
    expect((await readdir(folder)).sort()).toEqual(['plan.json', 'rows.tsv', 'shared', 'single'])

    const [again, concluded] = await Promise.all([
      competition('again', ...shared, '--stage', 'member/group-small'),
      competition('conclusion', ...shared),
    ])
    expect(again).toContain('member/group-small is already done: ')
    expect(concluded).toContain('8 of 8 stages are already done')
    expect(await digestsIn(at('shared'))).toEqual(await digestsIn(join(at('single'), 'stages')))
    for (const file of ['submission.csv', 'predictions.csv'])
      expect(await readFile(join(at('conclusion'), file))).toEqual(await readFile(join(at('single'), file)))
  } finally {
    await rm(folder, { recursive: true })
  }
}, 180_000)

/** Digests of all files of stages, without the times in their records. */
const digestsIn = async (store: string): Promise<Record<string, string>> => {
  const files = await readdir(store, { recursive: true, withFileTypes: true })
  const digests = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      const bytes = await readFile(path)
      const lasting = name === 'stage.json' ? withoutTimes(bytes.toString()) : bytes
      return [path.slice(store.length), createHash('sha256').update(lasting).digest('hex')] as const
    })
  return Object.fromEntries((await Promise.all(digests)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const withoutTimes = (record: string): string => {
  const { seconds: _, finished: __, ...rest } = JSON.parse(record)
  return JSON.stringify(rest)
}
