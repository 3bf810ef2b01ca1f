import { scoresError } from '../scores-error.ts'
import type { TemperatureLoss } from './temperature-loss.ts'

/** A search for the β = 1/T of the least loss, which lies between `low` and `high`. */
export interface TemperatureSearch {
  readonly low: number
  readonly high: number
  /** The β whose loss is asked for next. */
  readonly at: number
}

/** Searches for T between two temperatures; the first one tried is the geometric middle, if `at` names none. */
export const searchTemperature = (
  lowest: number,
  highest: number,
  at = Math.sqrt((1 / highest) * (1 / lowest)),
): TemperatureSearch => ({ low: 1 / highest, high: 1 / lowest, at })

/**
 * Halves the bracket by the sign of the slope: the loss is convex in β.
 *
 * @throws KicError `scores/not-a-number`
 */
const bisected = (
  caller: string,
  { low, high, at }: TemperatureSearch,
  { slope }: TemperatureLoss,
): TemperatureSearch => {
  if (Number.isNaN(slope)) {
    throw scoresError(
      'scores/not-a-number',
      `${caller}: scores must be finite, received some that make the loss NaN. Check the model that they come from.`,
    )
  }
  const [from, to] = slope > 0 ? [low, at] : [at, high]
  return { low: from, high: to, at: Math.sqrt(from * to) }
}

/** Newton's step where it stays within the halved bracket, the bracket's middle elsewhere: fewer losses are needed. */
export const newtonStep = (
  caller: string,
  search: TemperatureSearch,
  loss: TemperatureLoss,
): TemperatureSearch => {
  const halved = bisected(caller, search, loss)
  const newton = search.at - loss.slope / loss.curvature
  return newton > halved.low && newton < halved.high ? { ...halved, at: newton } : halved
}
