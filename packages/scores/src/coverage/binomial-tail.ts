/**
 * The logarithm of P(X ≥ successes) for X ~ Binomial(trials, probability): the p-value of a one-sided exact test
 * (Clopper & Pearson 1934, Biometrika 26). It is accurate where the probability itself underflows.
 *
 * @param successes an integer
 * @param trials an integer from 1
 * @param probability between 0 and 1, both excluded
 */
export const logBinomialTail = (successes: number, trials: number, probability: number): number => {
  if (successes <= 0) return 0
  if (successes > trials) return Number.NEGATIVE_INFINITY
  // Each side is summed away from the mode, where the terms fall.
  if (successes > trials * probability) return logSum(successes, trials, probability)
  // P(X ≥ k) = 1 − P(n − X ≥ n − k + 1)
  return Math.log1p(-Math.exp(logSum(trials - successes + 1, trials, 1 - probability)))
}

/** log P(X ≥ k) for k above the mean: the density at k times 1 + t(k+1)/t(k) + … */
const logSum = (k: number, n: number, p: number): number => {
  const odds = p / (1 - p)
  let sum = 1
  let term = 1
  for (let i = k; i < n && term > sum * Number.EPSILON * 0.01; i++) {
    term *= ((n - i) / (i + 1)) * odds
    sum += term
  }
  return logDensity(k, n, p) + Math.log(sum)
}

/**
 * log P(X = k) by the saddle-point expansion of Loader 2000, "Fast and accurate computation of binomial probabilities":
 * differences of log-gammas lose their digits at large n.
 */
const logDensity = (k: number, n: number, p: number): number => {
  if (k === n) return n * Math.log(p)
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p)) +
    0.5 * Math.log(n / (2 * Math.PI * k * (n - k)))
  )
}

/** ln n! − ln(√(2πn) (n/e)ⁿ), n from 1. */
const stirlingError = (n: number): number => {
  if (n > 15) {
    const square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n
  }
  let logFactorial = 0
  for (let i = 2; i <= n; i++) logFactorial += Math.log(i)
  return logFactorial - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
}

/** x ln(x / mean) + mean − x, by its series where x is close to the mean and the terms cancel. */
const deviance = (x: number, mean: number): number => {
  const gap = x - mean
  if (Math.abs(gap) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - gap
  const v = gap / (x + mean)
  let sum = gap * v
  let term = 2 * x * v
  for (let j = 1; ; j++) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) return sum
    sum = next
  }
}
