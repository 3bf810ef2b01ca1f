import type { Tensor } from '@tensorflow/tfjs'
import type { RangeRule } from './range-rule.ts'

/** What an engine hears of a tensor function while it runs or records it. */
export interface Listener {
  lossWeight?(weight: Tensor): void
  range?(tensor: Tensor, rule: RangeRule): void
}

/** One place for all copies of this package in a process: losses of an ES module tell engines of a CommonJS one, too. */
const SLOT = Symbol.for('@kic/engine/listener')
const place: typeof globalThis & { [SLOT]?: Listener } = globalThis

/** What `body` gives, while `listener` hears its declarations; what it does not listen to goes on to the one around. */
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
 * Tells the training step that the loss under way is a mean over this weight, such as the sum of class weights over rows
 * that count. Micro-batches then share in an update by it, so that an update does not depend on how its rows are
 * divided. Outside of a training step it does nothing.
 *
 * A loss that is put together of several such means is accumulated exactly where all of them weigh the micro-batches
 * alike; where they do not, the step says so. A loss that is divided by something else returns `{ loss, weight }`.
 *
 * @param weight scalar, at least 0; where the sum over an update is below 1e-20 nothing counts, and loss and gradient are 0
 */
export const declareLossWeight = (weight: Tensor): void => place[SLOT]?.lossWeight?.(weight)

/**
 * Tells the engine which values a tensor may have. Feeds, also reshaped or cast, are checked on the host before the
 * function runs, and other tensors before its results are used: on every engine, with one message.
 *
 * @param tensor class numbers, token ids and the like; its first axis is rows
 */
export const declareRange = (tensor: Tensor, rule: RangeRule): void => place[SLOT]?.range?.(tensor, rule)
