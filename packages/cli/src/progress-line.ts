import type { Io } from './io.ts'

/** Shows the progress of long work. */
export interface ProgressLine {
  update(done: number): void
  /** Removes the line, before other output. */
  end(): void
}

/** Delay before the first output. */
const PATIENCE_MS = 2000

/**
 * Progress and rate on standard error: one line that is overwritten, or without a terminal one line every ten seconds.
 *
 * @param unit the unit of the work
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
