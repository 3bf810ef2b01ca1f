import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { answerToRow, generateRows, joinFields } from '@kic/data'
import { writeCompetitionFile } from '@kic/data/node'
import { modelFolder } from '@kic/model-mini'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { pipelineTime } from '../transformers-peer.ts'

const ROWS = 100_000
/** Rows of the pipeline: its rate does not change with their number, and all of them would take minutes. */
const PEER_ROWS = 10_000

/**
 * `kic predict` over a file of 100,000 rows, from the start of the process to the last line of its CSV, beside
 * `pipeline('text-classification')` of transformers.js on the same exported model.
 */
export async function* predictBench(): AsyncGenerator<BenchLine> {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-'))
  try {
    const input = join(folder, 'answers.txt')
    const answers = Array.from(generateRows({ rows: ROWS, seed: 'bench' }))
    await writeCompetitionFile(
      input,
      answers.map((answer, i) => answerToRow(answer, i)),
      { encoding: 'utf-8' },
    )
    const { ms, quarterMegabytes, peakMegabytes } = await timeKic(input, join(folder, 'coded.csv'))
    const line = {
      ...benchLine('predict', `model-mini, ${ROWS} rows of a file`, 'kic', ms, ROWS),
      quarterMegabytes,
      peakMegabytes,
    }
    const texts = answers.slice(0, PEER_ROWS).map(joinFields)
    const peer = await pipelineTime({ models: dirname(modelFolder), name: basename(modelFolder), texts })
    yield withPeer(line, `transformers.js, ${peer.batchSize} at once`, (peer.ms * ROWS) / PEER_ROWS)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Runs the command as in a fresh clone, and watches the memory it holds. */
const timeKic = async (
  input: string,
  output: string,
): Promise<{ ms: number; quarterMegabytes: number; peakMegabytes: number }> => {
  const kic = resolve(import.meta.dirname, '../../../../packages/cli/bin/kic.js')
  const started = performance.now()
  const child = spawn(process.execPath, [kic, 'predict', '-i', input, '-o', output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const samples: number[] = []
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const kib = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1])
    if (kib > 0) samples.push((kib * 1024) / 1e6)
  }, 100)
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail))
  clearInterval(watch)
  if (code !== 0) throw new Error(`kic predict ended with exit code ${code}`)
  const peakOf = (part: readonly number[]): number => Math.round(Math.max(0, ...part))
  return {
    ms: performance.now() - started,
    quarterMegabytes: peakOf(samples.slice(0, Math.ceil(samples.length / 4))),
    peakMegabytes: peakOf(samples),
  }
}
