import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as delayed } from 'node:timers/promises'

/** How long connections without a request stay open, in milliseconds: their next request may be on its way. */
const SETTLE_MS = 300
const POLL_MS = 20

/**
 * Stops listening, lets accepted requests finish, and closes all connections. Each answer from now on closes its connection,
 * so every connection has one more request at most.
 *
 * @param openRequests the number of requests under way
 * @param delay seconds to go on listening
 * @param grace seconds for requests to finish; the rest is cut off
 */
export const drain = async (
  server: Server,
  openRequests: () => number,
  { delay, grace }: { readonly delay: number; readonly grace: number },
): Promise<void> => {
  if (delay > 0) await delayed(1000 * delay)
  // `close` of an HTTP server also ends idle connections at once, even one whose request has arrived but was not read yet.
  NetServer.prototype.close.call(server)
  const deadline = performance.now() + 1000 * grace
  let quietSince = performance.now()
  while ((await connections(server)) > 0 || openRequests() > 0) {
    const now = performance.now()
    if (openRequests() > 0) quietSince = now
    if (now > deadline) server.closeAllConnections()
    else if (now - quietSince > SETTLE_MS) server.closeIdleConnections()
    await delayed(POLL_MS)
  }
}

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
