/** Least probability whose logarithm is taken: float32's smallest normal number, below which nothing can be stored well. */
export const LEAST = 2 ** -126

/** `log(max(p, LEAST)) / T` of one row, written into `out`. */
export const temperedLogs = (
  data: Float32Array,
  offset: number,
  temperature: number,
  out: Float64Array,
): void => {
  for (let c = 0; c < out.length; c++) out[c] = Math.log(Math.max(data[offset + c] ?? 0, LEAST)) / temperature
}

/** Softmax in place. */
export const softmax = (row: Float64Array): void => {
  let most = Number.NEGATIVE_INFINITY
  for (const z of row) if (z > most) most = z
  let sum = 0
  for (let c = 0; c < row.length; c++) {
    const e = Math.exp((row[c] ?? 0) - most)
    row[c] = e
    sum += e
  }
  for (let c = 0; c < row.length; c++) row[c] = (row[c] ?? 0) / sum
}
