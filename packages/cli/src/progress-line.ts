import type { Io } from './io.ts'

/** Says how far long work has come. */
export interface ProgressLine {
  update(done: number): void
  /** Takes the line away, before anything else is said. */
  end(): void
}

/** Nothing is said before. */
const PATIENCE_MS = 2000

/**
 * What is done so far and its rate, on standard error: one line written over, or without a terminal one every ten seconds.
 *
 * @param unit of what is done
 */
export const progressLine = (io: Io, what: string, unit = 'rows'): ProgressLine => {
  const started = performance.now()
  const everyMs = io.errIsTerminal ? 250 : 10_000
  let last = started + PATIENCE_MS - everyMs
  let shown = false
  return {
    update: (done) => {
      const now = performance.now()
      if (now - last < everyMs) return
      last = now
      const rate = Math.round((1000 * done) / (now - started)).toLocaleString('en-US')
      const text = `${what}: ${Math.round(done).toLocaleString('en-US')} ${unit}, ${rate} ${unit}/s`
      io.err(io.errIsTerminal ? `\r\u001b[K${text}` : `${text}\n`)
      shown = true
    },
    end: () => {
      if (shown && io.errIsTerminal) io.err('\r\u001b[K')
      shown = false
    },
  }
}
