import type { Io } from '../io.ts'

/** Pipes take so many bytes at once: lines of several processes do not mix. */
const MOST_BYTES = 4096

/**
 * Writes lines to standard output. Those of one turn of the event loop are written together, because a write costs more than a
 * line, and each write waits for the one before: a slow reader would get several at once, which may mix with those of other
 * processes. A reader of the output that has ended is nobody's fault.
 */
export const linesTogether = (io: Pick<Io, 'out'>): ((line: string) => void) => {
  let lines = ''
  let bytes = 0
  let written = Promise.resolve()
  const flush = (): void => {
    const text = lines
    lines = ''
    bytes = 0
    if (text !== '') written = written.then(() => io.out(text)).catch(() => undefined)
  }
  return (line) => {
    const more = Buffer.byteLength(line)
    if (bytes + more > MOST_BYTES) flush()
    if (lines === '') setImmediate(flush)
    lines += line
    bytes += more
  }
}
