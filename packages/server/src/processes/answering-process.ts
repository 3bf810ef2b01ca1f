import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { KicError } from '@kic/core'
import type { ServerErrorCode } from '../error-code.ts'
import type { LogEntry } from '../run/log.ts'
import type { MetricsOfProcess } from '../run/metrics.ts'
import { pending } from '../run/pending.ts'
import type { Order, Report } from './messages.ts'

/** A process has so long to end after the grace of its requests, in milliseconds. */
const END_MS = 5000
/** A process that hangs is not waited for: so long for its number of requests, and for its metrics. */
const STOP_MS = 1000
const METRICS_MS = 2000

/** An answering process, as the listening one sees it. */
export class AnsweringProcess {
  readonly #child: ChildProcess
  readonly #metrics = new Map<number, (metrics: MetricsOfProcess) => void>()
  #latest: MetricsOfProcess = []
  #asked = 0
  #ending = false

  /** Resolves when it takes connections. */
  readonly opened: Promise<void>
  /** What to log about its model, once it is loaded. Rejects with the model's error, or if the process ends first. */
  readonly ready: Promise<readonly LogEntry[]>
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  /** The number of requests under way when it was told to stop. */
  readonly #stopping: Promise<number>

  /**
   * @param onFailure called when its model fails, or when it ends unasked
   * @param allMetrics metrics of all processes, in the format of Prometheus
   */
  constructor(child: ChildProcess, onFailure: (error: KicError) => void, allMetrics: () => Promise<string>) {
    this.#child = child
    const opened = pending<void>()
    const ready = pending<readonly LogEntry[]>()
    const ended = pending<void>()
    const stopping = pending<number>()
    this.opened = opened.promise
    this.ready = ready.promise
    this.ended = ended.promise
    this.#stopping = stopping.promise
    // Who waits for none of them hears of a failure by `onFailure`.
    for (const promise of [this.opened, this.ready]) promise.catch(() => undefined)

    const fail = (error: KicError): void => {
      opened.reject(error)
      ready.reject(error)
      if (!this.#ending) onFailure(error)
    }
    child.on('message', (report: Report) => {
      switch (report.kind) {
        case 'open':
          opened.resolve()
          return
        case 'ready':
          ready.resolve(report.entries)
          return
        case 'failed':
          fail(new KicError(report.code, report.message))
          return
        case 'stopping':
          stopping.resolve(report.requests)
          return
        case 'metrics':
          this.#latest = report.metrics
          this.#metrics.get(report.id)?.(report.metrics)
          this.#metrics.delete(report.id)
          return
        case 'ask-metrics':
          void allMetrics().then((text) => this.#send({ kind: 'all-metrics', id: report.id, text }))
      }
    })
    const end = (how: string): void => {
      stopping.resolve(0)
      for (const give of this.#metrics.values()) give([])
      this.#metrics.clear()
      ended.resolve()
      fail(
        new KicError<ServerErrorCode>(
          'server/process-ended',
          `startProcesses: an answering process must keep running, received ${how}. Start the server again.`,
        ),
      )
    }
    child.once('exit', (code, signal) => end(`its end (${signal ?? code})`))
    child.on('error', (error) => {
      // Of a process that runs, this is a message that did not reach it; its end follows.
      if (child.pid === undefined) end(error.message)
    })
  }

  /** Hands a connection over. It is closed if the process has ended. */
  give(socket: Socket): void {
    if (this.#child.connected)
      this.#child.send({ kind: 'connection' } satisfies Order, socket, (error) => {
        if (error !== null) socket.destroy()
      })
    else socket.destroy()
  }

  /** Its metrics; none if it has ended, and the last ones it gave if it hangs. */
  async metrics(): Promise<MetricsOfProcess> {
    if (!this.#child.connected) return []
    this.#asked += 1
    const id = this.#asked
    const given = new Promise<MetricsOfProcess>((resolve) => {
      this.#metrics.set(id, resolve)
      this.#send({ kind: 'give-metrics', id })
    })
    return within(given, METRICS_MS, () => {
      this.#metrics.delete(id)
      return this.#latest
    })
  }

  /** Makes `/ready` fail, and answers close their connections; returns the number of requests under way. */
  async stop(): Promise<number> {
    this.#send({ kind: 'stop' })
    return within(this.#stopping, STOP_MS, () => 0)
  }

  /** Ends the process when its requests have finished, after `grace` seconds at the latest. */
  async finish(grace: number): Promise<void> {
    this.#ending = true
    this.#send({ kind: 'finish', grace })
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 1000 * grace + END_MS)
    await this.ended
    clearTimeout(late)
  }

  #send(order: Order): void {
    if (this.#child.connected) this.#child.send(order)
  }
}

/** What a promise resolves to, or `late` after so many milliseconds. */
const within = async <T>(promise: Promise<T>, ms: number, late: () => T): Promise<T> => {
  const { promise: over, resolve } = pending<T>()
  const timer = setTimeout(() => resolve(late()), ms)
  try {
    return await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
  }
}
