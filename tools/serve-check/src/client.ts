import { type Agent, request as httpRequest } from 'node:http'

/** An answer of the server. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface AskOptions {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Buffer | undefined
  readonly agent?: Agent | undefined
  /** Leaves before the answer. */
  readonly signal?: AbortSignal | undefined
}

/** A request with any method, headers and body, and its whole answer. */
export const ask = (
  url: string,
  path: string,
  { method = 'GET', headers = {}, body, agent, signal }: AskOptions = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    // Node.js sends the body of a GET without its length.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const all = { ...headers, ...length }
    const request = httpRequest({ hostname, port, path, method, headers: all, agent, signal }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })

/** `POST /v1/classify` */
export const classify = (
  url: string,
  body: unknown,
  options: Pick<AskOptions, 'agent' | 'signal'> = {},
): Promise<Answer> =>
  ask(url, '/v1/classify', {
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** The code of a connection's error, such as `ECONNREFUSED`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error)
