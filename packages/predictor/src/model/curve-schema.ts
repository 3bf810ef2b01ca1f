import { defined } from '@kic/core'
import type { ValidationCurve } from '@kic/scores'
import * as z from 'zod/mini'

export const count = z.int().check(z.nonnegative())

/** A validation curve in a file, checked further by `curveFault`. */
export const curveSchema = z.object({
  rows: count,
  thresholds: z.array(z.number()),
  automatic: z.array(count),
  correct: z.record(z.string(), z.array(count)),
  labelled: z.optional(z.record(z.string(), z.array(count))),
})

/** What contradicts itself in a curve, as `rule, received value`; `undefined` if nothing does. */
export const curveFault = ({
  rows,
  thresholds,
  automatic,
  correct,
  labelled = {},
}: ValidationCurve): string | undefined => {
  const lists = [automatic, ...Object.values(correct), ...Object.values(labelled)]
  if (thresholds[0] !== 0 || lists.some((list) => list.length !== thresholds.length))
    return `thresholds must start at 0 and every list must have as many numbers, received a first threshold of ${thresholds[0]} and lists of ${lists.map((list) => list.length)}`
  if (thresholds.some((threshold, i) => i > 0 && threshold <= defined(thresholds[i - 1])))
    return 'thresholds must ascend, received other ones'
  if (
    automatic.some((n) => n > rows) ||
    Object.values(labelled).some((list) => list.some((n, i) => n > defined(automatic[i]))) ||
    Object.entries(correct).some(([level, list]) =>
      list.some((n, i) => n > defined((labelled[level] ?? automatic)[i])),
    )
  )
    return 'a part must not be larger than the whole, received a larger one'
  return undefined
}
