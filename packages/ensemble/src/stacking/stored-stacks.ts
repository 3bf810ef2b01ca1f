import { z } from 'zod'

const MOST_NUMBERS = 1_000_000
const MOST = 1e6

const isNumber = (value: unknown, least: number): boolean =>
  typeof value === 'number' && value >= least && value <= MOST

/** Lists are checked as a whole: a complaint about each entry could be a hundred times as long as the file. */
const numbers = z.custom<number[]>(
  (value) =>
    Array.isArray(value) && value.length <= MOST_NUMBERS && value.every((one) => isNumber(one, -MOST)),
  `it must be at most ${MOST_NUMBERS} numbers between -${MOST} and ${MOST}`,
)
const lists = z.custom<number[][]>(
  (value) =>
    Array.isArray(value) &&
    value.every((list) => Array.isArray(list) && list.every((one) => isNumber(one, -MOST))) &&
    value.reduce((sum, list) => sum + list.length, 0) <= MOST_NUMBERS,
  `it must be lists of at most ${MOST_NUMBERS} numbers between -${MOST} and ${MOST}`,
)

/** The stacks of an `ensemble.json`: what the members' logarithms are multiplied by. */
export const storedStacks = z
  .array(
    z.strictObject({
      /** The level whose classes are combined; a level without a stack has the sums of the finer one. */
      level: z.string().min(1).max(200),
      /** A weight for each member of the ensemble. */
      weights: numbers,
      /** A bias for each class of the level. */
      bias: numbers.optional(),
      /** For each member, how much its weight differs at each class. */
      deviations: lists.optional(),
    }),
  )
  .min(1)
  .max(16)

export type StoredStack = z.infer<typeof storedStacks>[number]

/** What an ensemble has, as far as its stacks are concerned. */
interface StackedFile {
  readonly scheme: string
  readonly levels: readonly { readonly name: string; readonly labels: readonly string[] }[]
  readonly members: readonly { readonly name: string; readonly weight: number }[]
  readonly stacks?: readonly StoredStack[] | undefined
  readonly budgets?: object | undefined
}

/** What is wrong with the stacks of an ensemble, and where; undefined where nothing is. */
export const stacksFault = ({
  scheme,
  levels,
  members,
  stacks,
  budgets,
}: StackedFile): { readonly at: string; readonly what: string } | undefined => {
  if (scheme !== 'stacked')
    return stacks === undefined ? undefined : { at: 'stacks', what: `'${scheme}' has none, only 'stacked'` }
  if (stacks === undefined) return { at: 'stacks', what: "'stacked' needs them; take stackEnsemble" }
  const weighed = members.findIndex(({ weight }) => weight !== 1)
  if (weighed >= 0)
    return { at: `members.${weighed}.weight`, what: "the stacks of 'stacked' have the weights" }
  if (budgets !== undefined)
    return { at: 'budgets', what: "the stacks of 'stacked' are fitted to all members; take 'path'" }
  const known = new Set<string>()
  for (const [i, { level, weights, bias, deviations }] of stacks.entries()) {
    const at = `stacks.${i}`
    const classes = levels.find(({ name }) => name === level)?.labels.length
    if (classes === undefined) return { at: `${at}.level`, what: `there is no level '${level}'` }
    if (known.has(level)) return { at: `${at}.level`, what: `'${level}' has an earlier stack` }
    known.add(level)
    if (weights.length !== members.length)
      return { at: `${at}.weights`, what: `${members.length} members need as many, not ${weights.length}` }
    if (bias !== undefined && bias.length !== classes)
      return { at: `${at}.bias`, what: `${classes} classes need as many, not ${bias.length}` }
    if (deviations === undefined) continue
    if (deviations.length !== members.length || deviations.some((list) => list.length !== classes))
      return { at: `${at}.deviations`, what: `${members.length} members need ${classes} numbers each` }
  }
  const finest = levels.at(-1)?.name
  return known.has(finest ?? '')
    ? undefined
    : { at: 'stacks', what: `the finest level, '${finest}', needs one` }
}
