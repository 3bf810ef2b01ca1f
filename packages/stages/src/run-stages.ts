import { formatDuration } from '@kic/core'
import { estimateStages, secondsLeft } from './estimate.ts'
import { planStages } from './plan-stages.ts'
import type { Stage } from './stage.ts'
import { makeStage } from './stage-folder.ts'
import { stagesError } from './stages-error.ts'

export interface RunStagesOptions {
  /** The folder of all results. */
  readonly root: string
  /** How many stages run at once, at most; default 1, as one stage already uses all cores. */
  readonly jobs?: number | undefined
  /** Bytes that the running stages may occupy together; one alone may always run. Default: no bound. */
  readonly memory?: number | undefined
  /** Told what runs, what is done and how long the rest will take, a line at a time. */
  readonly say: (line: string) => void
}

/**
 * Runs stages and what they need in dependency order, apart from those whose result is already there. Returns each stage's folder
 * by its name.
 *
 * Before the first one runs, all are checked. When a stage fails, those that run are waited for, no other begins, and its error is
 * thrown; finished stages stay finished.
 *
 * @throws KicError `stages/name`, `stages/jobs`, and whatever checks and stages throw
 */
export const runStages = async (
  wanted: readonly Stage[],
  { root, jobs = 1, memory = Number.POSITIVE_INFINITY, say }: RunStagesOptions,
): Promise<ReadonlyMap<string, string>> => {
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw stagesError(
      'stages/jobs',
      `runStages: jobs must be a whole number from 1, received ${jobs}. Give the number of stages that may run at once.`,
    )
  }
  const plan = await planStages(root, wanted)
  const done = new Map(plan.done)
  const waiting = [...plan.waiting]
  const total = waiting.length
  if (done.size > 0) say(`${done.size} of ${plan.order.length} stages are done already`)
  for (const stage of waiting) await stage.check?.(say)
  const estimates = await estimateStages(waiting, say)
  const began = performance.now()
  const running = new Map<Stage, { readonly began: number; readonly made: Promise<void> }>()
  const ended: { readonly name: string; readonly seconds: number }[] = []
  const failures: unknown[] = []
  let [started, occupied] = [0, 0]
  const since = (moment: number): number => (performance.now() - moment) / 1000

  /** How long all of it has taken and will take. */
  const overall = (): string => {
    const left = secondsLeft(estimates, {
      ended,
      running: [...running].map(([{ name }, one]) => ({ name, seconds: since(one.began) })),
      waiting: waiting.map(({ name }) => name),
      jobs,
    })
    const gone = `${formatDuration(since(began))} gone`
    return left === undefined ? gone : `${gone}, about ${formatDuration(left)} left`
  }
  if (total > 0) say(`${total} stages to run; ${overall()}`)

  const start = (stage: Stage): void => {
    const number = ++started
    occupied += stage.memory
    const inputs = Object.fromEntries(
      Object.entries(stage.needs).map(([role, need]) => [role, done.get(need.name) ?? '']),
    )
    const label = () => `[${number}/${total}, ${overall()}] ${stage.name}`
    const made = makeStage(root, stage, (folder) => stage.run({ folder, inputs, label }))
      .then(({ folder, seconds }) => {
        done.set(stage.name, folder)
        ended.push({ name: stage.name, seconds })
        running.delete(stage)
        say(`[${ended.length}/${total}, ${overall()}] ${stage.name} is done, in ${formatDuration(seconds)}`)
      })
      .catch((error: unknown) => {
        failures.push(error)
      })
      .finally(() => {
        occupied -= stage.memory
        running.delete(stage)
      })
    running.set(stage, { began: performance.now(), made })
  }

  const runningNow = () => [...running.values()].map(({ made }) => made)
  while (failures.length === 0 && (waiting.length > 0 || running.size > 0)) {
    const ready = waiting.findIndex(
      (stage) =>
        running.size < jobs &&
        (running.size === 0 || occupied + stage.memory <= memory) &&
        Object.values(stage.needs).every((need) => done.has(need.name)),
    )
    const [next] = ready < 0 ? [] : waiting.splice(ready, 1)
    if (next === undefined) await Promise.race(runningNow())
    else start(next)
  }
  await Promise.all(runningNow())
  if (failures.length > 0) throw failures[0]
  return done
}
