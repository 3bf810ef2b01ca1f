import type { Speed } from './effort.ts'
import type { Stage } from './stage.ts'

/** Seconds that each stage will take, by its name; measures each kind once. Stages of unknown speed are left out. */
export const estimateStages = async (
  stages: readonly Stage[],
  say: (line: string) => void,
): Promise<ReadonlyMap<string, number>> => {
  const kinds = new Set(stages.flatMap(({ effort }) => effort?.kind ?? []))
  if (kinds.size > 0) say(`measuring how fast this machine is at ${kinds.size} things`)
  const speeds = new Map<string, Speed | undefined>()
  const estimates = new Map<string, number>()
  for (const { name, effort } of stages) {
    if (effort === undefined) {
      estimates.set(name, 0)
      continue
    }
    if (!speeds.has(effort.kind)) speeds.set(effort.kind, await effort.measure())
    const speed = speeds.get(effort.kind)
    if (speed !== undefined) estimates.set(name, speed.start + speed.perExample * effort.examples)
  }
  return estimates
}

/** Where a run stands. */
export interface RunState {
  /** Stages that ended, with the seconds that they took. */
  readonly ended: readonly { readonly name: string; readonly seconds: number }[]
  /** Stages that run, with the seconds since they began. */
  readonly running: readonly { readonly name: string; readonly seconds: number }[]
  readonly waiting: readonly string[]
  /** How many run at once. */
  readonly jobs: number
}

/**
 * Seconds until all stages are done: what was estimated for those that are left, times how far the estimates were off for
 * those that ended. Undefined where one of them has no estimate.
 */
export const secondsLeft = (
  estimates: ReadonlyMap<string, number>,
  { ended, running, waiting, jobs }: RunState,
): number | undefined => {
  const toCome = [...waiting, ...running.map(({ name }) => name)]
  if (toCome.some((name) => !estimates.has(name))) return undefined
  const known = ended.filter(({ name }) => estimates.has(name))
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const expected = sum(known.map(({ name }) => estimates.get(name) ?? 0))
  const off = expected > 0 ? sum(known.map(({ seconds }) => seconds)) / expected : 1
  const left = [
    ...waiting.map((name) => off * (estimates.get(name) ?? 0)),
    ...running.map(({ name, seconds }) => Math.max(0, off * (estimates.get(name) ?? 0) - seconds)),
  ]
  return sum(left) / Math.min(jobs, Math.max(1, left.length))
}
