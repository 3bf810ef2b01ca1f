import type { ServerResponse } from 'node:http'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { RequestSignal } from './request-signal.ts'

/** A request while it is answered. */
export interface OpenRequest {
  readonly id: string
  readonly method: string
  readonly route: string
  /** Set once the body is read. */
  texts?: number
  /** Of an answer that takes time. */
  signal?: RequestSignal
}

/** nginx's status of a request whose client left before its answer. */
const CLIENT_LEFT = 499

/** Counts, measures and logs requests, from their headers until their answer is sent or their client has left. */
export class OpenRequests {
  readonly #metrics: Metrics
  readonly #log: Log
  #count = 0

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics
    this.#log = log
  }

  get count(): number {
    return this.#count
  }

  follow(request: OpenRequest, response: ServerResponse): void {
    const started = performance.now()
    this.#count += 1
    let sent = false
    response.once('finish', () => {
      sent = true
    })
    response.once('close', () => {
      this.#count -= 1
      const { id, method, route, texts } = request
      const status = sent ? response.statusCode : CLIENT_LEFT
      if (!sent) request.signal?.leave()
      this.report({ requestId: id, method, route, status, ms: performance.now() - started, texts })
    })
  }

  /** A request that was answered without a route. */
  report(request: {
    readonly requestId?: string
    readonly method: string
    readonly route: string
    readonly status: number
    readonly ms: number
    readonly texts?: number | undefined
  }): void {
    this.#metrics.finished(request)
    this.#log({ event: 'request', ...request, ms: Math.round(1000 * request.ms) / 1000 })
  }
}
