import { defined } from '@kic/core'
import type { Speed } from './effort.ts'
import type { Stage } from './stage.ts'

/** Estimated seconds of each stage, by name. Measures each kind once, and leaves out stages of unknown speed. */
export const estimateStages = async (
  stages: readonly Stage[],
  say: (line: string) => void,
): Promise<ReadonlyMap<string, number>> => {
  const kinds = new Set(stages.flatMap(({ effort }) => effort?.kind ?? []))
  if (kinds.size > 0) say(`measuring the speed of this machine for ${kinds.size} kinds of stages`)
  const speeds = new Map<string, Speed | undefined>()
  const estimates = new Map<string, number>()
  for (const { name, effort } of stages) {
    if (effort === undefined) {
      estimates.set(name, 0)
      continue
    }
    if (!speeds.has(effort.kind)) {
      const speed = await effort.measure()
      speeds.set(effort.kind, speed)
      say(`${speeds.size} of ${kinds.size} measured, ${effort.kind}: ${speedText(speed)}`)
    }
    const speed = speeds.get(effort.kind)
    if (speed !== undefined) estimates.set(name, speed.start + speed.perExample * effort.examples)
  }
  return estimates
}

const speedText = (speed: Speed | undefined): string =>
  speed === undefined ? 'not known yet' : `${(1 / speed.perExample).toPrecision(3)} examples/s`

/** The progress of a run. */
export interface RunState {
  /** Finished stages, with their seconds. */
  readonly ended: readonly { readonly name: string; readonly seconds: number }[]
  /** Running stages, with the seconds since their start. */
  readonly running: readonly { readonly name: string; readonly seconds: number }[]
  readonly waiting: readonly string[]
  /** Number of stages that run at once. */
  readonly jobs: number
}

/**
 * Seconds until all stages are done: the estimates of the remaining stages, scaled by the ratio of actual to estimated time
 * of the finished ones. `undefined` if a remaining stage has no estimate.
 */
export const secondsLeft = (
  estimates: ReadonlyMap<string, number>,
  { ended, running, waiting, jobs }: RunState,
): number | undefined => {
  const toCome = [...waiting, ...running.map(({ name }) => name)]
  if (toCome.some((name) => !estimates.has(name))) return undefined
  const known = ended.filter(({ name }) => estimates.has(name))
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const expected = sum(known.map(({ name }) => defined(estimates.get(name))))
  const off = expected > 0 ? sum(known.map(({ seconds }) => seconds)) / expected : 1
  const left = [
    ...waiting.map((name) => off * defined(estimates.get(name))),
    ...running.map(({ name, seconds }) => Math.max(0, off * defined(estimates.get(name)) - seconds)),
  ]
  return sum(left) / Math.min(jobs, Math.max(1, left.length))
}
