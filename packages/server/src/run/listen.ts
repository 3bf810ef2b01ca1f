import { once } from 'node:events'
import type { Server } from 'node:net'
import { KicError } from '@kic/core'
import type { ServerErrorCode } from '../error-code.ts'

/**
 * Listens on one address.
 *
 * @returns the URL
 * @throws KicError `server/listen`
 */
export const listen = async (
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<string> => {
  try {
    server.listen({ port, host, backlog: 1024 })
    await once(server, 'listening')
  } catch (cause) {
    throw new KicError<ServerErrorCode>(
      'server/listen',
      `startServer: the address must be free and this machine's own, received ${host}:${port}: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Set another port or host.`,
      { cause },
    )
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listening server has an address')
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}
