import type { Io } from '../io.ts'

/** Pipes take so many bytes at once: lines of several processes do not mix. */
const MOST_BYTES = 4096

/** Lines wait so long for others, in milliseconds. */
const WAIT_MS = 20

/** Lines on their way to standard output. */
export interface LinesTogether {
  readonly write: (line: string) => void
  /** Writes what waits; resolves when all is written. */
  readonly flush: () => Promise<void>
}

/**
 * Writes lines to standard output, several at once, because a write costs more than a line. Each write waits for the one before:
 * a slow reader would get several at once, which may mix with those of other processes. A reader of the output that has ended is
 * nobody's fault.
 */
export const linesTogether = (io: Pick<Io, 'out'>): LinesTogether => {
  let lines = ''
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  let written = Promise.resolve()
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const text = lines
    lines = ''
    bytes = 0
    if (text !== '') written = written.then(() => io.out(text)).catch(() => undefined)
    return written
  }
  return {
    write: (line) => {
      const more = Buffer.byteLength(line)
      if (bytes + more > MOST_BYTES) flush()
      timer ??= setTimeout(flush, WAIT_MS)
      lines += line
      bytes += more
    },
    flush,
  }
}
