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
  times.sort((a, b) => a - b)
  const middle = times.length >> 1
  const [upper = 0, lower = 0] = [times[middle], times[middle - 1]]
  return times.length % 2 === 1 ? upper : (upper + lower) / 2
}
