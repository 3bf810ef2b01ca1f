import type { RangeRule } from './range-rule.ts'
import type { Tensor } from './tensor.ts'

/** The declarations that an engine receives from a tensor function while it runs or records it. */
export interface Listener {
  lossWeight?(weight: Tensor): void
  range?(tensor: Tensor, rule: RangeRule): void
}

/**
 * One slot for all copies of this package in a process: losses of an ES module also reach engines of a CommonJS one.
 */
const SLOT = Symbol.for('@kic/engine/listener')
const place: typeof globalThis & { [SLOT]?: Listener | undefined } = globalThis

/**
 * The result of `body`, while `listener` receives its declarations. Declarations that it does not handle go to the
 * outer listener.
 */
export const listen = <T>(listener: Listener, body: () => T): T => {
  const around = place[SLOT]
  place[SLOT] = { ...around, ...listener }
  try {
    return body()
  } finally {
    place[SLOT] = around ?? {}
  }
}

/**
 * Declares the weight of the running loss, such as the sum of class weights over rows that count. Micro-batches then
 * contribute to an update in proportion to it, so an update does not depend on how its rows are divided. Outside a
 * training step it does nothing.
 *
 * A loss that combines several such means is accumulated exactly if all of them weigh the micro-batches alike;
 * otherwise the step throws. A loss that is divided by something else returns `{ loss, weight }`.
 *
 * @param weight scalar, at least 0; if the sum over an update is below 1e-20, nothing counts, and loss and gradient are
 * 0
 */
export const declareLossWeight = (weight: Tensor): void => place[SLOT]?.lossWeight?.(weight)

/**
 * Declares the values that a tensor may have. Feeds, even reshaped or cast, are checked on the host before the function
 * runs, and other tensors before its results are used: on every engine, with one message.
 *
 * @param tensor class numbers, token ids and similar; its first axis is rows
 */
export const declareRange = (tensor: Tensor, rule: RangeRule): void => place[SLOT]?.range?.(tensor, rule)

/**
 * The result of `body`, whose declared loss weights are ignored: for a loss that consists of other losses and declares the
 * weight of the whole.
 */
export const withoutLossWeights = <T>(body: () => T): T => listen({ lossWeight: () => undefined }, body)
