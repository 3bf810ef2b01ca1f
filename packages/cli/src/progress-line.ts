import type { Io } from './io.ts'

/** Says how far long work has come. */
export interface ProgressLine {
  update(rows: number): void
  /** Takes the line away, before anything else is said. */
  end(): void
}

/** Nothing is said before. */
const PATIENCE_MS = 2000

/** Rows so far and their rate, on standard error: one line written over, or without a terminal one every ten seconds. */
export const progressLine = (io: Io, what: string): ProgressLine => {
  const started = performance.now()
  const everyMs = io.errIsTerminal ? 250 : 10_000
  let last = started + PATIENCE_MS - everyMs
  let shown = false
  return {
    update: (rows) => {
      const now = performance.now()
      if (now - last < everyMs) return
      last = now
      const rate = Math.round((1000 * rows) / (now - started))
      const text = `${what}: ${rows.toLocaleString('en-US')} rows, ${rate.toLocaleString('en-US')} rows/s`
      io.err(io.errIsTerminal ? `\r\u001b[K${text}` : `${text}\n`)
      shown = true
    },
    end: () => {
      if (shown && io.errIsTerminal) io.err('\r\u001b[K')
      shown = false
    },
  }
}
