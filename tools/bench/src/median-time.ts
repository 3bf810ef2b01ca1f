export interface TimeOptions {
  /** Calls before measuring, which warm caches up. */
  readonly warmUp?: number | undefined
  /** At most so many measured calls; default 31. */
  readonly rounds?: number | undefined
  /** Measuring ends after so many seconds, but not before 5 calls (or `rounds` where fewer), unless a minute has gone; default 4. */
  readonly seconds?: number | undefined
}

/** Milliseconds after which one call is enough, to warm up as to measure: an adapter in software takes minutes for one. */
const PATIENCE = 60_000

/** Median of wall-clock times, in milliseconds. */
export const medianTime = async (
  work: () => Promise<unknown>,
  { warmUp = 2, rounds = 31, seconds = 4 }: TimeOptions = {},
): Promise<number> => {
  await timesOf(work, (calls, gone) => calls < warmUp && (calls === 0 || gone < PATIENCE))
  const least = Math.min(5, rounds)
  const times = await timesOf(
    work,
    (calls, gone) => calls < rounds && (calls === 0 || gone < (calls < least ? PATIENCE : 1000 * seconds)),
  )
  return median(times)
}

/** Times of calls, in milliseconds, as long as their number and the time gone, in milliseconds, ask for more. */
const timesOf = async (
  work: () => Promise<unknown>,
  more: (calls: number, gone: number) => boolean,
): Promise<readonly number[]> => {
  const times: number[] = []
  const began = performance.now()
  while (more(times.length, performance.now() - began)) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times
}

/** Medians of works that take turns, so that what else the machine does meets all of them; in milliseconds. */
export const medianTimesInTurn = async (
  works: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<readonly number[]> => {
  const times: number[][] = works.map(() => [])
  for (const work of works) await medianTime(work, { rounds: 0 })
  for (let i = 0; i < rounds; i++) {
    for (const [which, work] of works.entries()) {
      times[which]?.push(await medianTime(work, { warmUp: 0, rounds: 1 }))
    }
  }
  return times.map(median)
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [upper = 0, lower = 0] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2
}
