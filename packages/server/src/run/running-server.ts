import { pending } from './pending.ts'

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Resolves once the server has stopped.
   *
   * @throws KicError `server/model-stopped` or `server/process-ended` if it stopped because its model or a process did
   */
  readonly ended: Promise<void>
  /** Stops listening, finishes accepted requests, and frees the model. Later calls wait for the first one. */
  close(): Promise<void>
}

/**
 * The life of a server that listens at `url`: it ends by `close`, by its signal, or by a failure.
 *
 * @param stop ends the server; called once
 */
export const runningServer = (
  url: string,
  signal: AbortSignal | undefined,
  stop: () => Promise<void>,
): RunningServer & { readonly fail: (reason: unknown) => void } => {
  const { promise: ended, resolve: end, reject: endBadly } = pending<void>()
  // Whoever only closes the server does not wait for it.
  ended.catch(() => undefined)

  let stopped: Promise<void> | undefined
  const stopOnce = (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort)
    stopped ??= stop()
    return stopped
  }
  const onAbort = (): void => {
    stopOnce().then(
      () => end(),
      (reason) => endBadly(reason),
    )
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const fail = (reason: unknown): void => {
    stopOnce().then(
      () => endBadly(reason),
      () => endBadly(reason),
    )
  }
  return { url, ended, close: () => stopOnce().then(() => end()), fail }
}
