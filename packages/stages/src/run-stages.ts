import { defined, formatDuration } from '@kic/core'
import { estimateStages, secondsLeft } from './estimate.ts'
import { describeMade, makeStage } from './make-stage.ts'
import { planStages } from './plan-stages.ts'
import type { StoreOptions } from './run-stage.ts'
import type { Stage } from './stage.ts'
import { stagesError } from './stages-error.ts'

export interface RunStagesOptions extends StoreOptions {
  /** Maximum number of stages at once; default 1, because one stage already uses all cores. */
  readonly jobs?: number | undefined
  /** Bytes that the running stages may use together; a single stage may always run. Default: no limit. */
  readonly memory?: number | undefined
}

/**
 * Runs stages and their needs in dependency order, except finished ones. Returns each stage's folder by name.
 *
 * All stages are checked before the first one runs. If a stage fails, the running ones finish, no other one starts, and
 * its error is thrown. Finished stages stay finished. Other processes may run stages in the same folder: a stage that
 * one of them runs is waited for.
 *
 * @throws KicError `stages/name`, `stages/jobs`, and whatever checks and stages throw
 */
export const runStages = async (
  wanted: readonly Stage[],
  { root, jobs = 1, memory = Number.POSITIVE_INFINITY, say, timing }: RunStagesOptions,
): Promise<ReadonlyMap<string, string>> => {
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw stagesError(
      'stages/jobs',
      `runStages: jobs must be a whole number from 1, received ${jobs}. Correct it.`,
    )
  }
  const plan = await planStages(root, wanted)
  const done = new Map(plan.done)
  const waiting = [...plan.waiting]
  const total = waiting.length
  if (done.size > 0) say(`${done.size} of ${plan.order.length} stages are already done`)
  for (const stage of waiting) await stage.check?.(say)
  const estimates = await estimateStages(waiting, say)
  const began = performance.now()
  const running = new Map<Stage, { readonly began: number; readonly made: Promise<void> }>()
  const ended: { readonly name: string; readonly seconds: number }[] = []
  const failures: unknown[] = []
  let [started, finished, occupied] = [0, 0, 0]
  const since = (moment: number): number => (performance.now() - moment) / 1000

  /** The elapsed and the remaining time. */
  const overall = (): string => {
    const left = secondsLeft(estimates, {
      ended,
      running: [...running].map(([{ name }, one]) => ({ name, seconds: since(one.began) })),
      waiting: waiting.map(({ name }) => name),
      jobs,
    })
    const gone = `${formatDuration(since(began))} elapsed`
    return left === undefined ? gone : `${gone}, about ${formatDuration(left)} left`
  }
  if (total > 0) say(`${total} stages to run; ${overall()}`)

  const start = (stage: Stage): void => {
    const number = ++started
    occupied += stage.memory
    const inputs = Object.fromEntries(
      Object.entries(stage.needs).map(([role, need]) => [role, defined(done.get(need.name))]),
    )
    const label = () => `[${number}/${total}, ${overall()}] ${stage.name}`
    const made = makeStage(root, stage, (folder) => stage.run({ folder, inputs, label }), { say, timing })
      .then((one) => {
        done.set(stage.name, one.folder)
        if (one.made) ended.push({ name: stage.name, seconds: one.seconds })
        running.delete(stage)
        say(`[${++finished}/${total}, ${overall()}] ${stage.name} ${describeMade(one)}`)
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
