/** Numbers of the `k` largest probabilities, best first; of equal ones the first. */
export const largest = (probabilities: ArrayLike<number>, k: number): readonly number[] => {
  const best: number[] = []
  // Of those found so far the k-th: most classes fall short of it at once.
  let floor = Number.NEGATIVE_INFINITY
  for (let c = 0; c < probabilities.length; c++) {
    const p = probabilities[c] ?? 0
    if (p <= floor) continue
    let at = best.length
    while (at > 0 && p > (probabilities[best[at - 1] ?? 0] ?? 0)) at -= 1
    best.splice(at, 0, c)
    if (best.length > k) best.pop()
    if (best.length === k) floor = probabilities[best[k - 1] ?? 0] ?? 0
  }
  return best
}
