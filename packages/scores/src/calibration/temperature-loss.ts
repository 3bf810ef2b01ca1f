/** Negative log-likelihood of labels at β = 1/T, in nats, and its derivatives by β; summed or averaged over rows. */
export interface TemperatureLoss {
  readonly loss: number
  readonly slope: number
  readonly curvature: number
}

/** A loss that rows are added to. */
export type TemperatureLossSum = { -readonly [K in keyof TemperatureLoss]: TemperatureLoss[K] }

export const noLoss = (): TemperatureLossSum => ({ loss: 0, slope: 0, curvature: 0 })

/**
 * Adds one row: f(β) = log Σ exp(β z) − β z(label). Its derivatives are E[z] − z(label) and Var[z], under softmax(β z).
 *
 * @param logits [C]
 */
export const addRowLoss = (
  sum: TemperatureLossSum,
  logits: Float64Array,
  label: number,
  beta: number,
): void => {
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < logits.length; c++) largest = Math.max(largest, logits[c] ?? Number.NaN)
  let [total, first, second] = [0, 0, 0]
  for (let c = 0; c < logits.length; c++) {
    const z = logits[c] ?? Number.NaN
    const weight = Math.exp(beta * (z - largest))
    total += weight
    first += weight * z
    second += weight * z * z
  }
  const mean = first / total
  const own = logits[label] ?? Number.NaN
  sum.loss += beta * (largest - own) + Math.log(total)
  sum.slope += mean - own
  sum.curvature += second / total - mean * mean
}
