import { EXIT, type Io, OutputClosed } from './io.ts'

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

/** The process's own streams. The first interrupt ends the work cleanly, the second one at once. */
export const processIo = (): Io => {
  const interrupt = new AbortController()
  let closed = false
  let failure: unknown
  const fail = (error: Error): void => {
    if (codeOf(error) === 'EPIPE') closed = true
    else failure ??= error
  }
  process.stdout.on('error', fail)
  // Standard error may have lost its reader too; the exit code still reports the result.
  process.stderr.on('error', () => undefined)
  for (const [signal, reason] of [
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
  ] as const) {
    process.on(signal, () => {
      // Exiting releases the lock of an output; ending by the signal would not.
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted)
      interrupt.abort(new Error(reason))
    })
  }
  const check = (): void => {
    if (closed) throw new OutputClosed()
    if (failure !== undefined) throw failure
  }
  return {
    input: process.stdin,
    inputIsTerminal: process.stdin.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    signal: interrupt.signal,
    out: async (text) => {
      check()
      const error = await new Promise<Error | null | undefined>((resolve) =>
        process.stdout.write(text, resolve),
      )
      if (error) fail(error)
      check()
    },
    err: (text) => {
      process.stderr.write(text)
    },
  }
}
