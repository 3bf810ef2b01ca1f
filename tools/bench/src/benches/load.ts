import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRandom } from '@kic/core'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import { savePretrained } from '@kic/roberta/node'
import type { HostTensor } from '@kic/safetensors'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, round, withPeer } from '../bench-line.ts'

const run = promisify(execFile)
const CHILD = fileURLToPath(new URL('../read-once.ts', import.meta.url))
const ROUNDS = 5
/** What loading promises, as multiples: of the file's size in memory, of a plain read in time. */
const MEMORY_BAR = 1.5
const TIME_BAR = 2

/** RoBERTa-large with the vocabulary of klue's. */
const LARGE = createRobertaConfig({
  vocab_size: 32_000,
  hidden_size: 1024,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  intermediate_size: 4096,
  max_position_embeddings: 514,
  type_vocab_size: 1,
})

interface Reading {
  readonly ms: number
  readonly peakMegabytes: number
}

/**
 * Loading a checkpoint of RoBERTa-large's shapes, of random weights made on the spot, against a plain read of the same
 * bytes. Each reading is a process of its own; both find the file in the page cache.
 */
export async function* loadBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const config = 'RoBERTa-large, float32 safetensors'
  if (!wanted(config, 'loadPretrained')) return
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-load-'))
  try {
    await saveRandomModel(folder)
    const megabytes = (await stat(join(folder, 'model.safetensors'))).size / 1e6
    const load: Reading[] = []
    const plain: Reading[] = []
    for (let i = 0; i < ROUNDS; i++) {
      plain.push(await readOnce('plain', folder))
      load.push(await readOnce('load', folder))
    }
    const ms = median(load.map((reading) => reading.ms))
    const plainMs = median(plain.map((reading) => reading.ms))
    const peak = Math.max(...load.map(({ peakMegabytes }) => peakMegabytes))
    const [memory, time] = [peak / megabytes, ms / plainMs]
    yield {
      ...withPeer(
        benchLine('load', `${config}, ${round(megabytes, 0)} MB`, 'loadPretrained', ms),
        'a plain readFile of its bytes',
        plainMs,
      ),
      peakMegabytes: round(peak, 0),
      check: {
        found: `peak ${memory.toFixed(2)} × the file (below ${MEMORY_BAR}), time ${time.toFixed(2)} × the read (below ${TIME_BAR})`,
        passes: memory < MEMORY_BAR && time < TIME_BAR,
      },
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** All parameters are windows of one array of random numbers, so that making them takes neither time nor memory. */
const saveRandomModel = async (folder: string): Promise<void> => {
  const specs = sequenceClassifier(LARGE).parameters
  const sizes = specs.map(({ shape }) => shape.reduce((product, axis) => product * axis, 1))
  const random = createRandom('load')
  const pool = Float32Array.from({ length: Math.max(...sizes) }, () => random.next() * 0.04 - 0.02)
  const params = specs.map(({ name, shape }, i): [string, HostTensor] => [
    name,
    { dtype: 'float32', shape, data: pool.subarray(0, sizes[i]) },
  ])
  await savePretrained(folder, { config: LARGE, params: Object.fromEntries(params) })
}

const readOnce = async (how: 'load' | 'plain', folder: string): Promise<Reading> => {
  const { stdout } = await run(process.execPath, [
    '--conditions=@kic/source',
    '--import',
    'tsx',
    CHILD,
    how,
    folder,
  ])
  const { ms, peakMegabytes } = JSON.parse(stdout)
  return { ms: Number(ms), peakMegabytes: Number(peakMegabytes) }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
