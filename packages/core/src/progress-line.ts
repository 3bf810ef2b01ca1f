/** Where progress is written, such as `process.stderr`. */
export interface ProgressTarget {
  write(text: string): unknown
  /** Whether it is a terminal, where a line can be written over. */
  readonly isTTY?: boolean | undefined
}

/** Shows the progress of long work. */
export interface ProgressLine {
  update(done: number): void
  /** Removes the line, before other output. */
  end(): void
}

/** Delay before the first output. */
const PATIENCE_MS = 2000

/**
 * Progress and rate: on a terminal one line that is overwritten, elsewhere one line every ten seconds.
 *
 * @param unit the unit of the work
 */
export const progressLine = (target: ProgressTarget, what: string, unit = 'rows'): ProgressLine => {
  const isTerminal = target.isTTY === true
  const started = performance.now()
  const everyMs = isTerminal ? 250 : 10_000
  let last = started + PATIENCE_MS - everyMs
  let shown = false
  return {
    update: (done) => {
      const now = performance.now()
      if (now - last < everyMs) return
      last = now
      const rate = Math.round((1000 * done) / (now - started)).toLocaleString('en-US')
      const text = `${what}: ${Math.round(done).toLocaleString('en-US')} ${unit}, ${rate} ${unit}/s`
      target.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
      shown = true
    },
    end: () => {
      if (shown && isTerminal) target.write('\r\u001b[K')
      shown = false
    },
  }
}
