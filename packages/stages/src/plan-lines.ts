import { formatDuration } from '@kic/core'
import type { StageState } from './stage.ts'

/** A stage of a plan. */
export interface PlannedStage {
  readonly name: string
  readonly state: StageState
  /** Whether it runs. A stage that only finished stages need does not. */
  readonly runs: boolean
  /** Shown beside the time of a stage that runs. */
  readonly note?: string | undefined
}

/** A plan as lines of text: one per stage with its estimated time, and a total. */
export const planLines = (
  stages: readonly PlannedStage[],
  estimates: ReadonlyMap<string, number>,
): readonly string[] => {
  const width = Math.max(...stages.map(({ name }) => name.length))
  const times = stages.map(({ name, runs }) => {
    const seconds = estimates.get(name)
    return runs && seconds ? `about ${formatDuration(seconds)}` : ''
  })
  const longest = Math.max(...times.map((time) => time.length))
  const lines = stages.map(({ name, state, runs, note }, i) => {
    const told = runs && note ? `${times[i]?.padEnd(longest)}  ${note}` : times[i]
    return `${(runs ? state : state === 'done' ? 'done' : 'not needed').padEnd(10)}  ${name.padEnd(width)}  ${told}`.trimEnd()
  })
  const running = stages.filter(({ runs }) => runs)
  const total = running.reduce((sum, { name }) => sum + (estimates.get(name) ?? 0), 0)
  const unknown = running.filter(({ name }) => !estimates.has(name)).length
  const without = unknown === 0 ? '' : `, and ${unknown} without an estimate`
  return [
    ...lines,
    `${running.length} of ${stages.length} stages to run: about ${formatDuration(total)}${without}`,
  ]
}
