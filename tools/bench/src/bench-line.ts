/** One measurement, as every bench prints it: a JSON object a line. */
export interface BenchLine {
  /** Which bench, e.g. `train`. */
  readonly bench: string
  /** What was measured, e.g. `H768 L6 V32000 batch 32×24`. */
  readonly config: string
  readonly engine: string
  /** Median time of one unit of work, milliseconds. */
  readonly ms: number
  readonly examplesPerSecond?: number
  /** What it is compared with, if it could be run here. */
  readonly peer?: string
  /** The peer's median, milliseconds. */
  readonly peerMs?: number
  /** The peer's time over ours. */
  readonly ratio?: number
  /** Why there is no peer, where there is none. */
  readonly note?: string
}

const round = (x: number, digits: number): number => Number(x.toFixed(digits))

/** A line without a peer. */
export const benchLine = (
  bench: string,
  config: string,
  engine: string,
  ms: number,
  examples?: number,
): BenchLine => ({
  bench,
  config,
  engine,
  ms: round(ms, 2),
  ...(examples === undefined ? {} : { examplesPerSecond: round((1000 * examples) / ms, 1) }),
})

/** The line with the peer's time beside it. */
export const withPeer = (line: BenchLine, peer: string, peerMs: number): BenchLine => ({
  ...line,
  peer,
  peerMs: round(peerMs, 2),
  ratio: round(peerMs / line.ms, 2),
})

/** A line for people: the same fields in columns. */
export const readableLine = (line: BenchLine): string => {
  const rate = line.examplesPerSecond === undefined ? '' : `${line.examplesPerSecond} examples/s`
  const peer =
    line.peer === undefined ? (line.note ?? '') : `${line.ratio}× as fast as ${line.peer} (${line.peerMs} ms)`
  return `${line.bench.padEnd(8)} ${line.config.padEnd(32)} ${line.engine.padEnd(10)} ${`${line.ms} ms`.padStart(12)}  ${rate.padEnd(22)} ${peer}`.trimEnd()
}
