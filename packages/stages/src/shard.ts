import type { PlanDocument } from './plan-document.ts'
import { schedule } from './schedule.ts'
import { stagesError } from './stages-error.ts'

/** One of several parts of a plan. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
}

/**
 * Reads a shard, such as `2/8`.
 *
 * @throws KicError `stages/shard`
 */
export const parseShard = (text: string): Shard => {
  const [index = 0, count = 0] = (/^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? []).slice(1).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  throw stagesError(
    'stages/shard',
    `parseShard: a shard must be two whole numbers, such as 2/8, the first from 1 to the second, received '${text}'. Correct it; indices that begin with 0 need 1 added.`,
  )
}

/**
 * The stages that a shard runs, in order: its list of the schedule of the plan. All shards of a plan together have each
 * stage that runs once. A stage without an estimate counts as long as the average of the others.
 */
export const stagesOfShard = ({ stages }: PlanDocument, { index, count }: Shard): readonly string[] => {
  const running = stages.filter(({ runs }) => runs)
  const names = new Set(running.map(({ name }) => name))
  const known = running.flatMap(({ seconds }) => seconds ?? [])
  const average = known.length === 0 ? 1 : known.reduce((sum, one) => sum + one, 0) / known.length
  const tasks = running.map(({ name, needs, seconds = average }) => ({
    name,
    seconds,
    needs: Object.values(needs).flatMap((need) => (names.has(need.name) ? [need.name] : [])),
  }))
  return (schedule(tasks, count)[index - 1] ?? []).map(({ name }) => name)
}
