import type { PredictionSource } from '../probabilities/prediction-source.ts'
import { lossesOfMembers } from './losses-of-members.ts'
import type { TemperatureLoss } from './temperature-loss.ts'
import { newtonStep, searchTemperature, type TemperatureSearch } from './temperature-search.ts'

/** A member's temperature, and what it is good for. */
export interface FittedTemperature {
  readonly temperature: number
  /** Mean −log p(label) as the member is, in nats. */
  readonly before: number
  /** The same with the temperature. */
  readonly after: number
}

const [LOWEST, HIGHEST] = [1 / 50, 50]
const PASSES = 25
/** Relative step, and width of the bracket, at which a search ends; Newton's last step leaves a far smaller error. */
const CLOSE = 1e-5

/**
 * For each member the temperature at which its probabilities of held-out rows have the least cross-entropy.
 *
 * Temperature scaling: Guo et al. 2017, arXiv:1706.04599, section 4.2. Probabilities are read block by block and need not
 * be in memory, so a search takes few passes over them: Newton's method within a bracket. `fitTemperature` does the same
 * for one model's logits in memory, to the last digits. Fit on rows that the members were not trained on.
 *
 * @param source probabilities of one level
 * @param labels class number of each row; rows with a negative one do not count
 * @returns temperatures between 1/50 and 50
 * @throws KicError `scores/labels`, `scores/shape`, `scores/not-a-number`
 */
export const fitTemperatures = async (
  source: PredictionSource,
  labels: Int32Array,
): Promise<FittedTemperature[]> => {
  let losses = await lossesOfMembers(source, labels)
  const before = losses.map(({ loss }) => loss)
  let searches = losses.map((): Search => ({ ...searchTemperature(LOWEST, HIGHEST, 1), done: false }))
  for (let pass = 0; pass < PASSES && searches.some(({ done }) => !done); pass++) {
    searches = searches.map((search, k) => continued(search, losses[k]))
    losses = await lossesOfMembers(
      source,
      labels,
      searches.map(({ at }) => at),
    )
  }
  return losses.map(({ loss }, k) => ({
    temperature: 1 / (searches[k]?.at ?? Number.NaN),
    before: before[k] ?? Number.NaN,
    after: loss,
  }))
}

type Search = TemperatureSearch & { readonly done: boolean }

const continued = (search: Search, loss: TemperatureLoss | undefined): Search => {
  if (search.done || loss === undefined) return search
  const next = newtonStep('fitTemperatures', search, loss)
  const done = Math.abs(next.at - search.at) < CLOSE * search.at || next.high / next.low < 1 + CLOSE
  return { ...next, done }
}
