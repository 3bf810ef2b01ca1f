/** Figures of a command, printed as one JSON object. */
export type Report = Readonly<Record<string, string | number | boolean>>

/** A number with so many digits behind the point. */
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits))

/** Largest resident memory of this process so far, in MB of 10^6 bytes. */
export const peakMegabytes = (): number => rounded((process.resourceUsage().maxRSS * 1024) / 1e6)

/** Reports progress on a terminal. */
export const progress = (what: string, rows: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${what}: ${rows.toLocaleString('en-US')} rows`)
}
