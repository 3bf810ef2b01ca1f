import { readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { setTimeout as delayed } from 'node:timers/promises'
import { KicError } from '@kic/core'
import { classify, codeOf } from './client.ts'
import { processTree } from './process-tree.ts'

const CLIENTS = 16
/** Resident memory may grow by so much from the second quarter of the time to the last one. */
const GROWTH = { share: 0.1, megabytes: 16 }
const EVERY_MS = 250

export interface SoakResult {
  readonly requests: number
  /** Medians of resident memory in quarters of the time, MB of 10^6 bytes. */
  readonly quarters: readonly number[]
}

/**
 * Keeps a server busy: single texts, many texts, wrong requests, and clients that leave. Its memory must stay flat after the
 * first half of the time.
 *
 * @throws KicError `serve-check/memory`, `serve-check/answer`
 */
export const soak = async (url: string, pid: number, minutes: number): Promise<SoakResult> => {
  const end = performance.now() + 60_000 * minutes
  const samples: number[] = []
  let requests = 0
  const client = async (first: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = first; performance.now() < end; i++) {
      const kind = i % 16
      const texts = Array.from({ length: kind === 0 ? 200 : 1 }, (_, n) => `카센터에서 타이어 교환 ${i} ${n}`)
      const leaves = kind === 1
      const signal = leaves ? AbortSignal.timeout(2) : undefined
      const expected = kind === 2 ? 422 : 200
      try {
        const { status } = await classify(url, kind === 2 ? { texts: [] } : { texts }, { agent, signal })
        requests += 1
        if (status !== expected)
          throw new KicError(
            'serve-check/answer',
            `soak: the status must be ${expected}, received ${status}.`,
          )
      } catch (error) {
        if (!leaves || codeOf(error) !== 'ABORT_ERR') throw error
      }
    }
    agent.destroy()
  }
  const watch = async (): Promise<void> => {
    while (performance.now() < end) {
      samples.push(await residentMegabytes(pid))
      await delayed(EVERY_MS)
    }
  }
  await Promise.all([watch(), ...Array.from({ length: CLIENTS }, (_, i) => client(i))])
  const quarters = [0, 1, 2, 3].map((i) =>
    medianOf(samples.slice(Math.floor((i * samples.length) / 4), Math.floor(((i + 1) * samples.length) / 4))),
  )
  const [, , third = 0, last = 0] = quarters
  if (last <= third * (1 + GROWTH.share) + GROWTH.megabytes) return { requests, quarters }
  throw new KicError(
    'serve-check/memory',
    `soak: memory must stay flat, received ${quarters.map((megabytes) => `${megabytes} MB`).join(', ')} in the quarters of ${minutes} minutes.`,
  )
}

const residentMegabytes = async (pid: number): Promise<number> => {
  const pids = await processTree(pid)
  const sizes = pids.map(async (one) => {
    const status = await readFile(`/proc/${one}/status`, 'utf8')
    return (Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024) / 1e6
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const medianOf = (values: readonly number[]): number =>
  Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN)
