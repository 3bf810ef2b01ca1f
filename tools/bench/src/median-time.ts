/** Median of wall-clock times, in milliseconds, after unmeasured rounds that warm caches up. */
export const medianTime = async (
  work: () => Promise<unknown>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<number> => {
  for (let i = 0; i < warmUp; i++) await work()
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return median(times)
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [upper = 0, lower = 0] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2
}
