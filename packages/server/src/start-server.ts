import { KicError } from '@kic/core'
import { createApp } from './create-app.ts'
import type { ServerErrorCode } from './error-code.ts'
import { keyCheck } from './http/api-keys.ts'
import { checkedSeconds, type GivenLimits, limitsOf } from './limits.ts'
import { drain } from './run/drain.ts'
import { listen } from './run/listen.ts'
import { failureEntry, type Log } from './run/log.ts'
import { createMetrics } from './run/metrics.ts'
import { OpenRequests } from './run/open-requests.ts'
import { loadServedModel, type ModelOptions } from './run/served-model.ts'
import { Serving } from './run/serving.ts'
import { TextGate } from './run/text-gate.ts'

export interface ServerOptions extends ModelOptions, GivenLimits {
  /** Default 8080; 0 is any free port. */
  readonly port?: number | undefined
  /** Address to listen on; default 127.0.0.1, this machine alone. */
  readonly host?: string | undefined
  /** Keys that clients send; default: everybody may ask. */
  readonly apiKeys?: readonly string[] | undefined
  /** Seconds between `/ready` turning 503 and the end of listening; default 0. */
  readonly drain?: number | undefined
  /** Seconds for accepted requests to finish when the server stops; default 30. */
  readonly grace?: number | undefined
  /** Receives what happens; default: nobody. */
  readonly log?: Log | undefined
  /** Stops the server, as `close` does. */
  readonly signal?: AbortSignal | undefined
}

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Resolves once the server has stopped.
   *
   * @throws KicError `server/model-stopped` if it stopped because its model did
   */
  readonly ended: Promise<void>
  /** Stops listening, finishes accepted requests, and frees the model. Later calls wait for the first one. */
  close(): Promise<void>
}

/**
 * Serves a model over HTTP. `/health` answers at once; the promise resolves when the model is loaded and `/ready` does too.
 *
 * @throws KicError `server/option`, `server/api-keys`, `server/listen`, and as `loadPredictor` of `@kic/predictor/node`
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { port = 8080, host = '127.0.0.1', apiKeys, log = () => undefined, signal } = options
  const limits = limitsOf(options)
  const grace = checkedSeconds('grace', options.grace ?? 30, 0)
  const drainDelay = checkedSeconds('drain', options.drain ?? 0, 0)
  const accepts = apiKeys === undefined ? undefined : keyCheck(apiKeys)
  signal?.throwIfAborted()

  const serving = new Serving()
  const gate = new TextGate(limits.maxWaiting)
  const metrics = createMetrics({ waiting: () => gate.waiting, phase: () => serving.phase }, true)
  const requests = new OpenRequests(metrics, log)
  const app = createApp({ serving, limits, gate, metrics, requests, log, accepts })
  await app.ready()
  const url = await listen(app.server, { port, host })
  log({ event: 'listening', url })

  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort)
    serving.stop()
    log({ event: 'stopping', requests: requests.count })
    await drain(app.server, () => requests.count, { delay: drainDelay, grace })
    await app.close()
    const model = await loading.catch(() => undefined)
    await model?.predictor.dispose()
    log({ event: 'stopped' })
  }
  let stopped: Promise<void> | undefined
  const close = (): Promise<void> => {
    stopped ??= stop()
    return stopped
  }
  let end: () => void
  let endBadly: (reason: unknown) => void
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve
    endBadly = reject
  })
  // Whoever only closes the server does not wait for it.
  ended.catch(() => undefined)
  const onAbort = (): void => {
    close().then(
      () => end(),
      (reason) => endBadly(reason),
    )
  }
  signal?.addEventListener('abort', onAbort, { once: true })

  const started = performance.now()
  const loading = loadServedModel(options)
  const failed = (cause: unknown): void => {
    log(failureEntry(cause))
    const error = new KicError<ServerErrorCode>(
      'server/model-stopped',
      'startServer: the model must keep running, received the end of its thread. Start the server again.',
      { cause },
    )
    close().then(
      () => endBadly(error),
      () => endBadly(error),
    )
  }
  serving.onFailure(failed)
  try {
    const model = await loading
    signal?.throwIfAborted()
    serving.loaded(model)
    log({
      event: 'ready',
      model: model.id,
      name: model.predictor.info.name,
      ms: Math.round(performance.now() - started),
    })
    for (const message of model.predictor.info.warnings) log({ event: 'warning', message })
  } catch (error) {
    await close()
    throw error
  }
  return { url, ended, close: () => close().then(() => end()) }
}
