/** What the server reports. No entry has a text, a query, a header or a key. */
export type LogEntry =
  | { readonly event: 'listening'; readonly url: string }
  | { readonly event: 'ready'; readonly model: string; readonly name: string; readonly ms: number }
  | {
      readonly event: 'request'
      readonly requestId?: string | undefined
      readonly method: string
      /** The route's pattern, not the path of the request. */
      readonly route: string
      /** 499 if the client left before its answer. */
      readonly status: number
      readonly ms: number
      readonly texts?: number | undefined
    }
  | {
      readonly event: 'failure'
      readonly requestId?: string | undefined
      /** Name and code of the error, without its message, which may quote a text. */
      readonly error: string
      readonly code?: string | undefined
      readonly stack: readonly string[]
    }
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'stopping'; readonly requests: number }
  | { readonly event: 'stopped' }

export type Log = (entry: LogEntry) => void

/** A log of one JSON object per line. */
export const jsonLog =
  (write: (line: string) => void): Log =>
  (entry) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)

/** An error as an entry: its frames, and not its message. */
export const failureEntry = (error: unknown, requestId?: string): LogEntry => {
  const known = error instanceof Error ? error : new Error()
  const code = 'code' in known && typeof known.code === 'string' ? known.code : undefined
  const frames = known.stack?.split('\n').filter((line) => /^ {4}at /.test(line)) ?? []
  return { event: 'failure', requestId, error: known.name, code, stack: frames.map((line) => line.trim()) }
}
