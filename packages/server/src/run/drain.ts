import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'
import { setTimeout as delayed, setImmediate as immediate } from 'node:timers/promises'

/** How long connections without a request stay open, in milliseconds: their next request may be on its way. */
const SETTLE_MS = 1000
const POLL_MS = 20
/** New connections may go on arriving as fast as they are accepted. */
const LONGEST_ACCEPT_MS = 1000

/**
 * Stops listening.
 *
 * @param delay seconds to go on listening
 */
export const stopListening = async (server: Server, delay: number): Promise<void> => {
  if (delay > 0) await delayed(1000 * delay)
  await acceptAll(server)
  // `close` of an HTTP server also ends idle connections at once, even one whose request has arrived but was not read yet.
  Server.prototype.close.call(server)
}

/**
 * Lets accepted requests finish, and closes all connections. Each answer from now on closes its connection, so every
 * connection has one more request at most.
 *
 * @param connections the number of open connections
 * @param openRequests the number of requests under way
 * @param grace seconds for requests to finish; the rest is cut off
 */
export const finishRequests = async (
  server: HttpServer,
  connections: () => number | Promise<number>,
  openRequests: () => number,
  grace: number,
): Promise<void> => {
  const deadline = performance.now() + 1000 * grace
  let quietSince = performance.now()
  while ((await connections()) > 0 || openRequests() > 0) {
    const now = performance.now()
    if (openRequests() > 0) quietSince = now
    if (now > deadline || now - quietSince > SETTLE_MS) server.closeAllConnections()
    await delayed(POLL_MS)
  }
}

/** The number of connections that a listening server has accepted and that are open. */
export const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })

/**
 * Accepts the connections that the kernel has already made; the end of listening would reset them. Node.js accepts one at each
 * turn of its event loop (libuv 1.45).
 */
const acceptAll = async (server: Server): Promise<void> => {
  let accepted = true
  const onConnection = (): void => {
    accepted = true
  }
  server.on('connection', onConnection)
  const end = performance.now() + LONGEST_ACCEPT_MS
  while (accepted && performance.now() < end) {
    accepted = false
    for (let turn = 0; turn < 2; turn++) await immediate()
  }
  server.off('connection', onConnection)
}
