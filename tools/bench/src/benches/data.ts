import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'

const run = promisify(execFile)

const TOOL = fileURLToPath(new URL('../../../data/src/main.ts', import.meta.url))
const ROWS = 1_000_000

/** Reads the file as a data scientist would: decoded as cp949, cut by the csv module, every cell looked at. */
const PYTHON = `
import csv, sys, time
start = time.perf_counter()
cells = rows = 0
with open(sys.argv[1], encoding='cp949', newline='') as file:
    for row in csv.reader(file, delimiter='|', quoting=csv.QUOTE_NONE):
        rows += 1
        cells += len(row)
print((time.perf_counter() - start) * 1000, rows, cells, sys.version.split()[0])
`

type Figures = Readonly<Record<string, unknown>>

/** Runs a command of `npm run data` in a process of its own, so that its memory is its own. */
const tool = async (...args: string[]): Promise<Figures> => {
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@kic/source', '--import', 'tsx', TOOL, ...args],
    {
      maxBuffer: 1 << 24,
    },
  )
  const figures: unknown = JSON.parse(stdout)
  return typeof figures === 'object' && figures !== null ? { ...figures } : {}
}

const number = (figures: Figures, name: string): number => {
  const value = figures[name]
  if (typeof value === 'number') return value
  throw new Error(`npm run data: the figure ${name} is missing in ${JSON.stringify(figures)}`)
}

const line = (config: string, engine: string, ms: number, figures: Figures, rows = ROWS): BenchLine => ({
  ...benchLine('data', config, engine, ms, rows),
  ...('peakMegabytes' in figures ? { peakMegabytes: number(figures, 'peakMegabytes') } : {}),
})

const againstPython = async (reading: BenchLine, file: string): Promise<BenchLine> => {
  try {
    const { stdout } = await run('/usr/bin/python3', ['-c', PYTHON, file])
    const [ms = '', , , version = ''] = stdout.trim().split(' ')
    return withPeer(reading, `Python ${version}, csv + cp949, cells only`, Number(ms))
  } catch (error) {
    return {
      ...reading,
      note: `no Python: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    }
  }
}

/** A million rows from the file to the batches of an epoch, step by step, and again from the token cache. */
export async function* dataBench(): AsyncGenerator<BenchLine> {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-data-'))
  const file = join(folder, 'million.txt')
  const cache = join(folder, 'cache')
  try {
    const generated = await tool('generate', file, '--rows', String(ROWS))
    yield line('generate', 'cp949 file', 1000 * number(generated, 'seconds'), generated)
    // Learns the vocabulary, which is not measured.
    const tokens = await tool('check-tokens', file)
    const first = await tool('prepare', file, '--cache', cache)
    yield await againstPython(line('read and clean', 'cp949 file', number(first, 'readMs'), {}), file)
    yield line('key texts, number classes', 'memory', number(first, 'keysMs'), {})
    yield withPeer(
      line('tokenise, ids equal', 'one thread', number(tokens, 'ownMs'), {}),
      'Rust tokenizers, one thread',
      number(tokens, 'rustMs'),
    )
    yield line('tokenise and write the cache', 'shards', number(first, 'tokeniseMs'), {})
    yield line('split', 'columns', number(first, 'splitMs'), {})
    yield line(
      'one epoch of batches',
      'batch 256',
      number(first, 'epochMs'),
      {},
      number(first, 'trainingRows'),
    )
    yield line('all of it', 'first run', 1000 * number(first, 'totalSeconds'), first)
    const second = await tool('prepare', file, '--cache', cache)
    yield line('all of it', 'from cache', 1000 * number(second, 'totalSeconds'), second)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
