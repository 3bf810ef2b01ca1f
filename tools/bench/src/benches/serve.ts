import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename, dirname } from 'node:path'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { modelFolder } from '@kic/model-mini'
import { kicOfSources, processTree, startKicServe } from '@kic/tool-serve-check'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine, round, withPeer } from '../bench-line.ts'
import { httpLoad, type LoadResult } from '../http-load.ts'
import { median } from '../median-time.ts'
import type { PipelineServerJob } from '../pipeline-server.ts'
import { processorTime } from '../processor-time.ts'

const CLIENTS = [1, 16, 128]
/** The servers take turns, so that what else the machine does meets both. */
const ROUNDS = 5
const SECONDS = 2
const WARM_UP_SECONDS = 3
const TEXTS = 2000

/** As many clients as the promised ratio is for. */
const PROMISED_AT = 16
const PROMISED_RATIO = 3

/** `kic serve` under load, beside a plain handler around transformers.js with the same exported model. */
export async function* serveBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const rows = generateRows({ rows: TEXTS, seed: 'serve', repeats: 0 })
  const texts = Array.from(rows, joinFields)
  const configs = CLIENTS.map((clients) => ({ clients, config: `model-mini, ${clients} clients` }))
  for (const { clients, config } of configs.filter((one) => wanted(one.config, 'kic serve'))) {
    const [own, peer] = await measured(clients, texts)
    const requests = own.requestsPerSecond
    const line = withPeer(
      benchLine('serve', config, 'kic serve', 1000 / requests, 1),
      'transformers.js in Fastify',
      1000 / peer.requestsPerSecond,
    )
    const ratio = requests / peer.requestsPerSecond
    yield {
      ...line,
      ratio: round(ratio, 2),
      cpuMs: own.cpuMs,
      peerCpuMs: peer.cpuMs,
      p99Ms: own.p99Ms,
      peerP99Ms: peer.p99Ms,
      check:
        clients === PROMISED_AT
          ? {
              found: `${ratio.toFixed(2)} times the requests, promised ${PROMISED_RATIO}`,
              passes: ratio >= PROMISED_RATIO,
            }
          : undefined,
    }
  }
}

interface LoadedServer {
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<unknown>
}

interface Measured extends LoadResult {
  /** Processor time per request, of all the server's processes. */
  readonly cpuMs: number
}

/** Medians of both servers, own first. */
const measured = async (
  clients: number,
  texts: readonly string[],
): Promise<[own: Measured, peer: Measured]> => {
  const own = await startKicServe(kicOfSources())
  const peer = await startPipeline()
  try {
    for (const { url } of [own, peer]) await httpLoad({ url, texts, clients, seconds: WARM_UP_SECONDS })
    const results: [Measured[], Measured[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      results[0].push(await oneRound(own, clients, texts))
      results[1].push(await oneRound(peer, clients, texts))
    }
    return [medians(results[0]), medians(results[1])]
  } finally {
    await Promise.all([own.stop(), peer.stop()])
  }
}

const oneRound = async (
  { url, process }: LoadedServer,
  clients: number,
  texts: readonly string[],
): Promise<Measured> => {
  const cpu = async (): Promise<number> => {
    const pids = await processTree(process.pid ?? 0)
    const times = await Promise.all(pids.map(processorTime))
    return times.reduce<number>((sum, time) => sum + (time ?? Number.NaN), 0)
  }
  const before = await cpu()
  const result = await httpLoad({ url, texts, clients, seconds: SECONDS })
  return { ...result, cpuMs: ((await cpu()) - before) / (result.requestsPerSecond * SECONDS) }
}

const medians = (rounds: readonly Measured[]): Measured => ({
  requestsPerSecond: median(rounds.map((one) => one.requestsPerSecond)),
  p99Ms: median(rounds.map((one) => one.p99Ms)),
  cpuMs: round(median(rounds.map((one) => one.cpuMs)), 3),
})

const startPipeline = async (): Promise<LoadedServer> => {
  const child = fork(new URL('../pipeline-server.ts', import.meta.url))
  const job: PipelineServerJob = { models: dirname(modelFolder), name: basename(modelFolder) }
  child.send(job)
  const [url] = await once(child, 'message')
  const ended = once(child, 'exit')
  return {
    url: String(url),
    process: child,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}
