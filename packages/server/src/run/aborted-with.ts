import type { ServerResponse } from 'node:http'
import { ProblemError } from '../http/problem.ts'

/** The client has gone; nobody reads an answer. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left before its answer')
    this.name = 'ClientLeft'
  }
}

/**
 * A signal that is aborted when the client leaves, or when its time is over.
 *
 * @param ms until a `timeout`
 * @returns the signal, and a function that ends its watch
 */
export const abortedWith = (
  response: ServerResponse,
  ms: number,
): { readonly signal: AbortSignal; readonly release: () => void } => {
  const controller = new AbortController()
  const onClose = (): void => controller.abort(new ClientLeft())
  const timer = setTimeout(() => controller.abort(new ProblemError('timeout', { retryAfter: 1 })), ms)
  response.once('close', onClose)
  if (response.destroyed) onClose()
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer)
      response.off('close', onClose)
    },
  }
}
