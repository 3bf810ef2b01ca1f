import type { PairedDifference } from '@kic/scores'

/** A difference with its interval, each with a sign; a dash where there is none. */
export const signedInterval = (
  found: PairedDifference | undefined,
  scale: number,
  digits: number,
): string => {
  if (found === undefined) return '–'
  const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(scale * x).toFixed(digits)}`
  return `${signed(found.difference)} (${signed(found.low)} to ${signed(found.high)})`
}
