import { setTimeout as pause } from 'node:timers/promises'
import { defined } from '@kic/core'
import { failureWatch } from './failure-watch.ts'
import { LEASE_TIMING } from './lease.ts'
import type { PlanDocument } from './plan-document.ts'
import { runInStore, type StoreOptions } from './run-stage.ts'
import { saySometimes } from './say-sometimes.ts'
import { type Shard, stagesOfShard } from './shard.ts'
import { inOrder, type Stage } from './stage.ts'
import { failureFrom, recordFailure, type StageFailure } from './stage-failure.ts'
import { isDone, stageFolder } from './stage-folder.ts'
import { checkPlan } from './stage-plan.ts'
import { stagesError } from './stages-error.ts'

export interface RunShardOptions extends StoreOptions {
  readonly plan: PlanDocument
  readonly shard: Shard
  /**
   * Milliseconds for which a failure counts as old that was recorded before this shard began: another shard may be
   * about to run that stage again. Default 60,000.
   */
  readonly grace?: number | undefined
}

/**
 * Runs a shard's stages of a plan, in the order of its schedule, and waits for needs that other shards make in the same
 * store. A stage that needs a failed one, directly or not, is left out; the others run, and the first failure is thrown
 * at the end.
 *
 * @param wanted the stages of the run, of which the plan was written
 * @throws KicError `stages/plan-differs`, `stages/needs` if a stage that the plan has as done is not, `stages/failed`
 *   with the name and reason of a stage that failed elsewhere, and what the stages throw
 */
export const runShard = async (wanted: readonly Stage[], options: RunShardOptions): Promise<void> => {
  const { root, plan, shard, say, timing = LEASE_TIMING, grace = 60_000 } = options
  checkPlan(plan, wanted)
  const stages = new Map(inOrder(wanted).map((stage) => [stage.name, stage]))
  const own = stagesOfShard(plan, shard).map((name) => defined(stages.get(name)))
  await checkDone(root, plan, own)
  const failureBehind = await failureWatch(root, stages.values(), grace)
  const failures: unknown[] = []
  const failed = new Map<Stage, StageFailure>()
  const fail = (stage: Stage, error: unknown): void => {
    failed.set(stage, failureFrom(stage.name, error))
    failures.push(error)
  }
  /** Waits until the needs of a stage are done, or one cannot be any more. */
  const waitForNeeds = async (stage: Stage): Promise<StageFailure | undefined> => {
    const sayWaiting = saySometimes(say)
    for (;;) {
      const missing = await undone(root, Object.values(stage.needs))
      if (missing.length === 0) return undefined
      for (const need of missing) {
        const found = failed.get(need) ?? (await failureBehind(need))
        if (found !== undefined) return found
      }
      sayWaiting(() => `${stage.name} waits for ${missing.map(({ name }) => name).join(', ')}`)
      await pause(timing.poll)
    }
  }

  say(`shard ${shard.index}/${shard.count}: ${own.map(({ name }) => name).join(', ') || 'no stages'}`)
  for (const stage of await undone(root, own)) {
    try {
      await stage.check?.(say)
    } catch (error) {
      fail(stage, error)
      await recordFailure(stageFolder(root, stage), stage.name, error)
    }
  }
  for (const [i, stage] of own.entries()) {
    if (failed.has(stage)) continue // its check
    const found = await waitForNeeds(stage)
    if (found !== undefined) {
      say(`${stage.name} is left out, as ${found.name} failed`)
      failed.set(stage, found)
      failures.push(failedElsewhere(stage, found))
      continue
    }
    try {
      await runInStore(
        stage,
        `[${i + 1}/${own.length} of shard ${shard.index}/${shard.count}] ${stage.name}`,
        options,
      )
    } catch (error) {
      say(`${stage.name} failed: ${error instanceof Error ? error.message : String(error)}`)
      fail(stage, error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** A plan is old if results that it counts on have gone. */
const checkDone = async (root: string, plan: PlanDocument, own: readonly Stage[]): Promise<void> => {
  const runs = new Set(plan.stages.flatMap(({ name, runs }) => (runs ? [name] : [])))
  const inputs = own.flatMap(({ needs }) => Object.values(needs)).filter(({ name }) => !runs.has(name))
  const gone = await undone(root, inputs)
  if (gone.length > 0)
    throw stagesError(
      'stages/needs',
      `runShard: stages that the plan does not run must be done in ${root}, received none of ${gone.map(({ name }) => name).join(', ')}. Give the store of the plan, or write the plan again.`,
    )
}

const undone = async (root: string, stages: readonly Stage[]): Promise<readonly Stage[]> => {
  const done = await Promise.all(stages.map((stage) => isDone(stageFolder(root, stage))))
  return stages.filter((_, i) => !done[i])
}

const failedElsewhere = (stage: Stage, { name, reason, host, pid, time }: StageFailure) =>
  stagesError(
    'stages/failed',
    `runShard: ${stage.name} needs ${name} to be done, received its failure in process ${pid} on ${host} at ${time}: ${reason.replace(/\.$/, '')}. Run the shard of ${name} again, then this one.`,
  )
