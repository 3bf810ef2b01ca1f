import { type AnsweringOptions, createAnsweringServer } from './answering-server.ts'
import { checkedSeconds } from './limits.ts'
import { connectionsOf, finishRequests, stopListening } from './run/drain.ts'
import { listen } from './run/listen.ts'
import { type RunningServer, runningServer } from './run/running-server.ts'

/** Where a server listens, and how it ends. */
export interface ListeningOptions {
  /** Default 8080; 0 is any free port. */
  readonly port?: number | undefined
  /** Address to listen on; default 127.0.0.1, this machine alone. */
  readonly host?: string | undefined
  /** Seconds between `/ready` turning 503 and the end of listening; default 0. */
  readonly drain?: number | undefined
  /** Seconds for accepted requests to finish when the server stops; default 30. */
  readonly grace?: number | undefined
  /** Stops the server, as `close` does. */
  readonly signal?: AbortSignal | undefined
}

export interface ServerOptions extends AnsweringOptions, ListeningOptions {}

/** The seconds of `options`, checked. */
export const endingOf = (options: ListeningOptions): { readonly delay: number; readonly grace: number } => ({
  grace: checkedSeconds('grace', options.grace ?? 30, 0),
  delay: checkedSeconds('drain', options.drain ?? 0, 0),
})

/**
 * Serves a model over HTTP. `/health` answers at once; the promise resolves when the model is loaded and `/ready` does too.
 *
 * @throws KicError `server/option`, `server/api-keys`, `server/listen`, and as `loadPredictor` of `@kic/predictor/node`
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { port = 8080, host = '127.0.0.1', signal } = options
  const { delay, grace } = endingOf(options)
  signal?.throwIfAborted()
  const answering = await createAnsweringServer(options)
  const { app, serving, requests, log } = answering
  const { server } = app
  const url = await listen(server, { port, host })
  log({ event: 'listening', url })

  const running = runningServer(url, signal, async () => {
    serving.stop()
    log({ event: 'stopping', requests: requests.count })
    await stopListening(server, delay)
    await finishRequests(
      server,
      () => connectionsOf(server),
      () => requests.count,
      grace,
    )
    await answering.free()
    log({ event: 'stopped' })
  })
  answering.onFailure(running.fail)
  try {
    const entries = await answering.load()
    signal?.throwIfAborted()
    for (const entry of entries) log(entry)
  } catch (error) {
    await running.close()
    throw error
  }
  return running
}
