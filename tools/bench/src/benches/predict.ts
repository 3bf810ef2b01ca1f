import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { writeCompetitionFile } from '@kic/data/node'
import { answerToRow, generateRows } from '@kic/korean-answers'
import { modelFolder } from '@kic/model-mini'
import { type BenchLine, benchLine, withPeer } from '../bench-line.ts'
import { differentAnswers } from '../different-answers.ts'
import { processorTime } from '../processor-time.ts'
import { pipelineTime } from '../transformers-peer.ts'

const ROWS = 100_000
/** Rows of the pipeline: its rate does not change with their number, and all of them would take minutes. */
const PEER_ROWS = 10_000

/** Answers as in surveys, where every third is a repetition; and distinct answers. */
const INPUTS = [
  { config: `model-mini, ${ROWS} rows of a file`, different: false },
  { config: `model-mini, ${ROWS} different rows of a file`, different: true },
]

/**
 * `kic predict` over a file of 100,000 rows, from the start of the process to the last line of its CSV, beside
 * `pipeline('text-classification')` of transformers.js on the same exported model, from the start of its process.
 */
export async function* predictBench(): AsyncGenerator<BenchLine> {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-'))
  try {
    for (const { config, different } of INPUTS) {
      const input = join(folder, 'answers.txt')
      const answers = different
        ? differentAnswers(ROWS)
        : Array.from(generateRows({ rows: ROWS, seed: 'bench' }))
      await writeCompetitionFile(
        input,
        answers.map((answer, i) => answerToRow(answer, i)),
        { classification: ksic10, encoding: 'utf-8' },
      )
      const { ms, ...usage } = await timeKic(input, join(folder, 'coded.csv'))
      const line = { ...benchLine('predict', config, 'kic', ms, ROWS), ...usage }
      const texts = answers.slice(0, PEER_ROWS).map(joinFields)
      const peer = await pipelineTime({ models: dirname(modelFolder), name: basename(modelFolder), texts })
      const scale = ROWS / PEER_ROWS
      const peerCpuMs = Math.round(peer.cpuMs * scale)
      const peerMs = peer.startMs + peer.ms * scale
      yield { ...withPeer(line, `transformers.js, ${peer.batchSize} at once`, peerMs), peerCpuMs }
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Usage {
  readonly ms: number
  readonly cpuMs: number
  readonly quarterMegabytes: number
  readonly peakMegabytes: number
}

/** Runs the command as in a fresh clone, and watches the memory it holds and the processor time it takes. */
const timeKic = async (input: string, output: string): Promise<Usage> => {
  const kic = join(dirname(createRequire(import.meta.url).resolve('@kic/cli/package.json')), 'bin/kic.js')
  const started = performance.now()
  const child = spawn(process.execPath, [kic, 'predict', '-i', input, '-o', output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const samples: number[] = []
  let cpuMs = 0
  const watch = setInterval(async () => {
    const [status, time] = await Promise.all([
      readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => ''),
      processorTime(child.pid ?? 0),
    ])
    const kib = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1])
    if (kib > 0) samples.push((kib * 1024) / 1e6)
    cpuMs = time ?? cpuMs
  }, 100)
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail))
  const ms = performance.now() - started
  clearInterval(watch)
  if (code !== 0) throw new Error(`kic predict ended with exit code ${code}`)
  const peakOf = (part: readonly number[]): number => Math.round(Math.max(0, ...part))
  const quarter = samples.slice(0, Math.ceil(samples.length / 4))
  return { ms, cpuMs, quarterMegabytes: peakOf(quarter), peakMegabytes: peakOf(samples) }
}
