import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

/** A folder behind a server on the loopback, as browsers read it. */
export interface ServedFolder {
  readonly url: string
  /** Paths asked for so far. */
  readonly fetched: string[]
  close(): Promise<unknown>
}

export const serveFolder = async (folder: string): Promise<ServedFolder> => {
  const fetched: string[] = []
  const server = createServer(async (request, response) => {
    fetched.push(request.url ?? '')
    const body = await readFile(join(folder, request.url ?? '')).catch(() => undefined)
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    fetched,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
