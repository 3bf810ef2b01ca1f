import autocannon from 'autocannon'

/** Texts of a client: it prepares them all before its first request. */
const TEXTS_OF_CLIENT = 100

export interface LoadJob {
  readonly url: string
  readonly texts: readonly string[]
  /** Clients that send a request as soon as the last one is answered. */
  readonly clients: number
  readonly seconds: number
}

export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p99Ms: number
}

/**
 * The rate and latency of a server of `POST /v1/classify`, one text per request. Clients go through the texts from places of
 * their own.
 *
 * @throws Error if an answer is anything but 200
 */
export const httpLoad = async ({ url, texts, clients, seconds }: LoadJob): Promise<LoadResult> => {
  const requests = texts.map((text) => ({
    method: 'POST' as const,
    path: '/v1/classify',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  }))
  let client = 0
  const result = await autocannon({
    url,
    connections: clients,
    duration: seconds,
    setupClient: (one) => {
      const start = Math.floor((client++ * requests.length) / clients)
      one.setRequests([...requests.slice(start), ...requests.slice(0, start)].slice(0, TEXTS_OF_CLIENT))
    },
  })
  const bad = result.non2xx + result.errors + result.timeouts
  if (bad > 0)
    throw new Error(`${bad} of ${result.requests.total} requests to ${url} had no answer of status 200`)
  return { requestsPerSecond: result.requests.total / result.duration, p99Ms: result.latency.p99 }
}
