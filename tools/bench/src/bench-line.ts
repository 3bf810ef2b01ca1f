/** One measurement, as every bench prints it: a JSON object a line. */
export interface BenchLine {
  /** Which bench, e.g. `train`. */
  readonly bench: string
  /** What was measured, e.g. `H768 L6 V32000 batch 32×24`. */
  readonly config: string
  readonly engine: string
  /** Median time of one unit of work, milliseconds. */
  readonly ms: number
  readonly examplesPerSecond?: number | undefined
  /** What it is compared with, if it could be run here. */
  readonly peer?: string | undefined
  /** The peer's median, milliseconds. */
  readonly peerMs?: number | undefined
  /** The peer's time over ours. */
  readonly ratio?: number | undefined
  /** Processor time of all threads, milliseconds: it depends less on what else the machine does. */
  readonly cpuMs?: number | undefined
  readonly peerCpuMs?: number | undefined
  /** Time within which 99 % of the requests had their answers, milliseconds. */
  readonly p99Ms?: number | undefined
  readonly peerP99Ms?: number | undefined
  /** Why there is no peer, where there is none; or why there is no measurement. */
  readonly note?: string | undefined
  /** Largest resident memory of the process that did it, in MB of 10^6 bytes. */
  readonly peakMegabytes?: number | undefined
  /** The same after the first quarter of the time. */
  readonly quarterMegabytes?: number | undefined
  /** Billions of floating point operations a second in matrix products. */
  readonly gflops?: number | undefined
  /** Share of matrix products in the time. */
  readonly productShare?: number | undefined
  /** Share of the optimizer's update in the time. */
  readonly updateShare?: number | undefined
  /** The ratio to the peer if the work were its matrix products alone, at the best rate that this machine reached. */
  readonly ratioBound?: number | undefined
  /** The GPU that did the work. */
  readonly adapter?: string | undefined
  /** Bytes of tensors that one unit of work copies to a device, and from it. */
  readonly uploadedBytes?: number | undefined
  readonly downloadedBytes?: number | undefined
  /** Bytes of what the work is given. */
  readonly feedBytes?: number | undefined
  /** What was found of a promise that the bench checks; the command fails where it is broken. */
  readonly check?: { readonly found: string; readonly passes: boolean } | undefined
}

export const round = (x: number, digits: number): number => Number(x.toFixed(digits))

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

/** The line of something that could not be measured. */
export const missingLine = (bench: string, config: string, engine: string, note: string): BenchLine => ({
  bench,
  config,
  engine,
  ms: Number.NaN,
  note,
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
  const products =
    line.gflops === undefined
      ? ''
      : ` · products ${line.gflops} GFLOP/s${line.productShare === undefined ? '' : `, ${percent(line.productShare)} of the time`}`
  const update = line.updateShare === undefined ? '' : `, update ${percent(line.updateShare)}`
  const check = line.check === undefined ? '' : `${line.check.passes ? '✓' : '✗'} ${line.check.found}`
  const bound = line.ratioBound === undefined ? '' : `, at most ${line.ratioBound}× at the best rate`
  const latency =
    line.p99Ms === undefined
      ? ''
      : ` · p99 ${line.p99Ms} ms${line.peerP99Ms === undefined ? '' : `, peer ${line.peerP99Ms} ms`} `
  const processor =
    line.cpuMs === undefined || line.peerCpuMs === undefined
      ? ''
      : ` · processor ${line.cpuMs} ms, peer ${line.peerCpuMs} ms`
  const memory =
    line.quarterMegabytes === undefined
      ? ''
      : `, ${line.peakMegabytes} MB (${line.quarterMegabytes} MB after a quarter)`
  const adapter = line.adapter === undefined ? '' : ` · ${line.adapter}`
  return `${line.bench.padEnd(8)} ${line.config.padEnd(38)} ${line.engine.padEnd(10)} ${`${line.ms} ms`.padStart(12)}  ${rate.padEnd(22)} ${peer}${products}${update}${bound}${latency}${processor}${check}${memory}${adapter}`.trimEnd()
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
