import { defined } from '@kic/core'
import type { ConformalCalibration, CoverageThresholds, NoveltyCalibration } from '@kic/scores'
import * as z from 'zod/mini'
import { count, curveFault, curveSchema } from '../model/curve-schema.ts'
import type { Guarantees } from './guarantees.ts'

/** Classifications have at most so many codes at a level. */
const MOST_CLASSES = 100_000
const MOST_COVERAGES = 1000
const MOST_SCORES = 10_000

const share = z.number().check(z.gte(0), z.lte(1))
const thresholds = z.object({ rows: count, thresholds: z.array(share).check(z.maxLength(MOST_COVERAGES)) })
const conformal = z.object({
  classes: z.int().check(z.gte(1), z.lte(MOST_CLASSES)),
  coverages: z.array(share).check(z.minLength(1), z.maxLength(MOST_COVERAGES)),
  marginal: thresholds,
  classConditional: z.object({
    leastRows: z.int().check(z.gte(1)),
    byClass: z.array(z.nullable(thresholds)).check(z.maxLength(MOST_CLASSES)),
    pooled: thresholds,
  }),
})
const novelty = z.object({
  rows: z.int().check(z.gte(1)),
  scores: z.array(z.number()).check(z.minLength(1), z.maxLength(MOST_SCORES)),
  ranks: z.array(z.int().check(z.gte(1))).check(z.maxLength(MOST_SCORES)),
})

/** Guarantees in a file, checked further by `guaranteesFault`. */
export const guaranteesSchema = z.object({
  on: z.string(),
  curve: curveSchema,
  sets: z.record(z.string(), conformal),
  novelty,
})

/** What contradicts itself in guarantees, as `key: rule, received value`; `undefined` if nothing does. */
export const guaranteesFault = ({ curve, sets, novelty }: Guarantees): string | undefined => {
  const faults = [
    ['curve', curveFault(curve)],
    ...Object.entries(sets).map(([level, calibration]) => [`sets.${level}`, setsFault(calibration)]),
    ['novelty', noveltyFault(novelty)],
  ] as const
  const found = faults.find(([, fault]) => fault !== undefined)
  return found === undefined ? undefined : found.join(': ')
}

const setsFault = ({
  classes,
  coverages,
  marginal,
  classConditional,
}: ConformalCalibration): string | undefined => {
  const { byClass, pooled } = classConditional
  if (!ascends(coverages)) return 'coverages must ascend, received other ones'
  if (byClass.length !== classes)
    return `byClass must have an entry for each of the ${classes} classes, received ${byClass.length}`
  const lists: readonly (CoverageThresholds | null)[] = [marginal, pooled, ...byClass]
  const odd = lists.find((list) => list !== null && list.thresholds.length !== coverages.length)
  if (odd !== undefined && odd !== null)
    return `thresholds must be as many as the ${coverages.length} coverages, received ${odd.thresholds.length}`
  // Less coverage never takes more classes.
  return lists.some((list) => list?.thresholds.some((t, i) => i > 0 && t > defined(list.thresholds[i - 1])))
    ? 'thresholds must not ascend, received other ones'
    : undefined
}

const noveltyFault = ({ rows, scores, ranks }: NoveltyCalibration): string | undefined => {
  if (scores.length !== ranks.length)
    return `every score must have a rank, received ${scores.length} scores and ${ranks.length} ranks`
  if (!ascends(ranks) || ranks.at(-1) !== rows)
    return `ranks must ascend to the ${rows} rows, received ${ranks.at(-1)} as the last one or another order`
  return scores.some((score, i) => i > 0 && score < defined(scores[i - 1]))
    ? 'scores must ascend, received other ones'
    : undefined
}

const ascends = (numbers: readonly number[]): boolean =>
  numbers.every((number, i) => i === 0 || number > defined(numbers[i - 1]))
