/**
 * softmax(logits / temperature) of one row.
 *
 * @param logits [C]
 * @param into [C], overwritten and returned: rows one after the other need no memory of their own
 */
export const calibrated = (
  logits: ArrayLike<number>,
  temperature: number,
  into = new Float64Array(logits.length),
): Float64Array => {
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < into.length; c++) largest = Math.max(largest, logits[c] ?? 0)
  let sum = 0
  for (let c = 0; c < into.length; c++) {
    const weight = Math.exp(((logits[c] ?? 0) - largest) / temperature)
    into[c] = weight
    sum += weight
  }
  for (let c = 0; c < into.length; c++) into[c] = (into[c] ?? 0) / sum
  return into
}
