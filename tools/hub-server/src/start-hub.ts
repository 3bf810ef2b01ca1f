import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server saw of a request. */
export interface SeenRequest {
  readonly server: 'hub' | 'storage'
  readonly path: string
  readonly range: string | undefined
  readonly token: string | undefined
  readonly status: number
}

/** How the server misbehaves; each count is used up. */
export interface HubFaults {
  /** Connections of the storage that break after that many bytes of their answer. */
  readonly cut?: number[] | undefined
  /** Answers of the storage with a wrong byte. */
  corrupt?: number | undefined
  /** Answers with status 503. */
  busy?: number | undefined
  /** Connections of the storage that send nothing more after the first bytes. */
  stall?: number | undefined
  /** The storage ignores ranges. */
  readonly noRanges?: boolean | undefined
  /** Without this token everything is 401. */
  readonly token?: string | undefined
  /** The storage sends more than the listed size. */
  readonly longer?: boolean | undefined
}

export interface HubServer {
  readonly url: string
  readonly seen: SeenRequest[]
  faults: HubFaults
  readonly commit: string
  close(): Promise<void>
}

const sha = (kind: 'sha1' | 'sha256', ...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash(kind)
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/**
 * The Hub's endpoints for one model, as https://huggingface.co/docs/hub/api and its answers have them: model info, file
 * list, and `resolve`, which redirects large files to a storage on another origin that has ranges and ETags.
 */
export const startHub = async (
  id: string,
  files: Readonly<Record<string, Uint8Array>>,
  large: (name: string) => boolean = (name) => /\.(safetensors|bin)$/.test(name),
): Promise<HubServer> => {
  const commit = sha('sha1', id, ...Object.values(files))
  const seen: SeenRequest[] = []
  const hub: HubServer = { url: '', seen, faults: {}, commit, close: async () => {} }
  const oid = (name: string): string => {
    const bytes = files[name] ?? new Uint8Array()
    return sha('sha1', `blob ${bytes.length}\0`, bytes)
  }
  const tokenOf = (request: IncomingMessage): string | undefined =>
    request.headers.authorization?.replace('Bearer ', '')

  const note = (server: SeenRequest['server'], request: IncomingMessage, status: number): void => {
    seen.push({
      server,
      path: request.url ?? '',
      range: request.headers.range,
      token: tokenOf(request),
      status,
    })
  }
  const json = (request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void => {
    note('hub', request, status)
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }

  /** A file, or a part of it. */
  const send = (
    server: SeenRequest['server'],
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    etag: string,
  ): void => {
    const faults = hub.faults
    let bytes = Uint8Array.from(files[name] ?? [])
    if ((faults.corrupt ?? 0) > 0) {
      faults.corrupt = (faults.corrupt ?? 0) - 1
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    }
    if (faults.longer) bytes = Uint8Array.from([...bytes, 0])
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1)
    const ranged = from >= 0 && !faults.noRanges
    if (ranged && from >= bytes.length) {
      note(server, request, 416)
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end()
      return
    }
    const part = ranged ? bytes.subarray(from) : bytes
    const status = ranged ? 206 : 200
    note(server, request, status)
    response.writeHead(status, {
      ETag: `"${etag}"`,
      'Accept-Ranges': 'bytes',
      'Content-Length': part.length,
      ...(ranged ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    const cut = server === 'storage' ? faults.cut?.shift() : undefined
    if (cut !== undefined) {
      response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 20))
    } else if (server === 'storage' && (faults.stall ?? 0) > 0) {
      faults.stall = (faults.stall ?? 0) - 1
      response.write(part.subarray(0, 1))
    } else {
      response.end(part)
    }
  }

  const storage = createServer((request, response) => {
    send('storage', request, response, decodeURIComponent((request.url ?? '').slice(1)), 'storage-etag')
  })
  const storageUrl = await listen(storage)

  const main = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const resolve = `/${id}/resolve/${commit}/`
    const name = path.startsWith(resolve) ? decodeURIComponent(path.slice(resolve.length)) : ''
    if ((hub.faults.busy ?? 0) > 0) {
      hub.faults.busy = (hub.faults.busy ?? 0) - 1
      json(request, response, 503, { error: 'Service unavailable' })
    } else if (hub.faults.token !== undefined && tokenOf(request) !== hub.faults.token) {
      json(request, response, 401, { error: 'Invalid username or password.' })
    } else if (
      path === `/api/models/${id}/revision/main` ||
      path === `/api/models/${id}/revision/${commit}`
    ) {
      json(request, response, 200, { _id: '0', id, sha: commit, lastModified: '2026-01-01T00:00:00.000Z' })
    } else if (path === `/api/models/${id}/tree/${commit}`) {
      const entries = Object.entries(files).map(([file, bytes]) => ({
        type: 'file',
        path: file,
        size: bytes.length,
        oid: oid(file),
        ...(large(file) ? { lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 135 } } : {}),
      }))
      json(request, response, 200, [
        { type: 'directory', path: 'onnx', size: 0, oid: '0'.repeat(40) },
        ...entries,
      ])
    } else if (files[name] === undefined) {
      json(request, response, 404, { error: 'Repository not found' })
    } else if (large(name)) {
      note('hub', request, 302)
      const location = `${storageUrl}/${encodeURIComponent(name)}`
      const headers = { Location: location, 'X-Linked-ETag': `"${sha('sha256', files[name])}"` }
      response.writeHead(302, { ...headers, 'X-Linked-Size': files[name].length }).end()
    } else {
      send('hub', request, response, name, oid(name))
    }
  })
  const url = await listen(main)
  return Object.assign(hub, {
    url,
    close: async () => {
      for (const server of [main, storage]) {
        server.closeAllConnections()
        await new Promise((done) => server.close(done))
      }
    },
  })
}

const listen = (server: Server): Promise<string> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const { port }: Pick<AddressInfo, 'port'> = Object.assign({ port: 0 }, server.address())
      done(`http://127.0.0.1:${port}`)
    })
  })
