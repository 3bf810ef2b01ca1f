import { KicError } from '@kic/core'
import type { PredictionSource } from './prediction-source.ts'
import { temperedLogs } from './temper.ts'

/** A member's temperature, and what it is good for. */
export interface FittedTemperature {
  readonly temperature: number
  /** Mean −log p(label) as the member is, in nats. */
  readonly before: number
  /** The same with the temperature. */
  readonly after: number
}

/** Temperatures stay between 1/50 and 50. */
const BOUND = 50
const PASSES = 25
/** Relative step, and width of the bracket, at which a search ends; Newton's last step leaves a far smaller error. */
const CLOSE = 1e-5

/**
 * For each member the temperature at which its probabilities of held-out rows have the least cross-entropy.
 *
 * Temperature scaling: Guo et al. 2017, arXiv:1706.04599, section 4.2. The loss is convex in 1/T, so Newton's method finds
 * the minimum in a few passes over the predictions; a bisection step replaces one that would leave the bracket. Fit on rows
 * that the members were not trained on.
 *
 * @param source probabilities of one level
 * @param labels class number of each row; rows with a negative one do not count
 * @throws KicError `ensemble/labels`
 */
export const fitTemperatures = async (
  source: PredictionSource,
  labels: Int32Array,
): Promise<FittedTemperature[]> => {
  let searches = await lossesAt(source, labels, undefined)
  const before = searches.map(({ loss }) => loss)
  const states = searches.map((): Bracket => ({ low: 1 / BOUND, high: BOUND, at: 1, done: false }))
  for (let pass = 0; pass < PASSES && states.some(({ done }) => !done); pass++) {
    searches.forEach((found, i) => {
      const state = states[i]
      if (state && !state.done) states[i] = narrowed(state, found)
    })
    searches = await lossesAt(
      source,
      labels,
      states.map(({ at }) => at),
    )
  }
  return searches.map(({ loss }, i) => ({
    temperature: 1 / (states[i]?.at ?? 1),
    before: before[i] ?? Number.NaN,
    after: loss,
  }))
}

/** Where the best 1/T of a member lies. */
interface Bracket {
  readonly low: number
  readonly high: number
  readonly at: number
  readonly done: boolean
}

/** Mean loss and its derivatives by 1/T. */
interface LossAt {
  readonly loss: number
  readonly slope: number
  readonly curvature: number
}

const narrowed = ({ low, high, at }: Bracket, { slope, curvature }: LossAt): Bracket => {
  const [from, to] = slope > 0 ? [low, at] : [at, high]
  const newton = at - slope / curvature
  const next = newton > from && newton < to ? newton : Math.sqrt(from * to)
  return { low: from, high: to, at: next, done: Math.abs(next - at) < CLOSE * at || to / from < 1 + CLOSE }
}

/** One pass over the predictions, for all members. */
const lossesAt = async (
  source: PredictionSource,
  labels: Int32Array,
  inverse: readonly number[] | undefined,
): Promise<LossAt[]> => {
  const sums: { loss: number; slope: number; curvature: number }[] = []
  let counted = 0
  let rows = 0
  for await (const { start, members } of source()) {
    for (const [k, { classes, data, rows: size }] of members.entries()) {
      const beta = inverse?.[k] ?? 1
      const logs = new Float64Array(classes)
      const sum = sums[k] ?? { loss: 0, slope: 0, curvature: 0 }
      sums[k] = sum
      for (let row = 0; row < size; row++) {
        const label = labels[start + row] ?? -1
        if (label < 0) continue
        if (label >= classes) throw refused(`row ${start + row} has the label ${label} of ${classes} classes`)
        temperedLogs(data, row * classes, 1, logs)
        addRow(sum, logs, label, beta)
      }
    }
    const block = members[0]?.rows ?? 0
    rows += block
    for (let row = 0; row < block; row++) if ((labels[start + row] ?? -1) >= 0) counted++
  }
  if (rows !== labels.length) throw refused(`there are ${labels.length} labels for ${rows} rows`)
  if (counted === 0) throw refused('no row has a label')
  return sums.map(({ loss, slope, curvature }) => ({
    loss: loss / counted,
    slope: slope / counted,
    curvature: Math.max(curvature / counted, 1e-12),
  }))
}

/** f(β) = log Σ exp(β z) − β z(label), with its mean and variance of z as derivatives. */
const addRow = (
  sum: { loss: number; slope: number; curvature: number },
  logs: Float64Array,
  label: number,
  beta: number,
): void => {
  let most = Number.NEGATIVE_INFINITY
  for (const z of logs) if (z > most) most = z
  let [total, first, second] = [0, 0, 0]
  for (const z of logs) {
    const e = Math.exp(beta * (z - most))
    total += e
    first += e * z
    second += e * z * z
  }
  const mean = first / total
  const own = logs[label] ?? 0
  sum.loss += beta * (most - own) + Math.log(total)
  sum.slope += mean - own
  sum.curvature += second / total - mean * mean
}

const refused = (what: string): KicError => new KicError('ensemble/labels', `fitTemperatures: ${what}.`)
