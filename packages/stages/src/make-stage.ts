import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { formatDuration } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { beginAttempt } from './attempt.ts'
import { findLease, LEASE_TIMING, type LeaseTiming, takeLease } from './lease.ts'
import { leaseWatch } from './lease-watch.ts'
import { discard } from './moved.ts'
import { parseOwner } from './owner.ts'
import { saySometimes } from './say-sometimes.ts'
import type { Stage } from './stage.ts'
import { recordFailure, removeFailure } from './stage-failure.ts'
import { isDone, RECORD, stageFolder } from './stage-folder.ts'
import { stageKey } from './stage-key.ts'
import { attemptsOf } from './store-names.ts'

export interface MakeStageOptions {
  /** Receives a line every 30 seconds while another process runs the stage. */
  readonly say?: ((line: string) => void) | undefined
  readonly timing?: LeaseTiming | undefined
}

/** A stage that is done. */
export interface MadeStage {
  readonly folder: string
  /** Seconds of the run; 0 if another process made it. */
  readonly seconds: number
  /** Whether this process made it. */
  readonly made: boolean
}

/** How a stage came to be done, for a line after its name. */
export const describeMade = ({ made, seconds }: Pick<MadeStage, 'made' | 'seconds'>): string =>
  made ? `is done after ${formatDuration(seconds)}` : 'was made by another process'

/**
 * Runs `make` in an unfinished folder, whose result gets its final name only when it is complete. An interrupted
 * attempt leaves its files to the next one.
 *
 * Several processes and machines may call it for one stage: one runs it, the others wait. If that one dies, another
 * takes over. Of two that both run it after all, the first to finish wins, and both return its folder. A failure is
 * recorded beside the folder until the stage is run again.
 *
 * @throws what `make` throws
 */
export const makeStage = async (
  root: string,
  stage: Stage,
  make: (folder: string) => Promise<void>,
  { say = () => {}, timing = LEASE_TIMING }: MakeStageOptions = {},
): Promise<MadeStage> => {
  const folder = stageFolder(root, stage)
  await mkdir(root, { recursive: true })
  const isDead = leaseWatch(timing)
  const sayWaiting = saySometimes(say)
  for (;;) {
    if (await isDone(folder)) return { folder, seconds: 0, made: false }
    const current = await findLease(folder)
    const free = current === undefined || isDead(current)
    const lease = free ? await takeLease(folder, current, timing) : undefined
    if (lease === undefined) {
      sayWaiting(() => `waits for ${stage.name}, which ${holderOf(current?.text)} runs`)
      await pause(timing.poll)
      continue
    }
    try {
      const made = await runAttempt(folder, stage, make)
      if (made !== undefined) return made
    } catch (error) {
      // Where not even this can be written, such as on a full disk, the stage's own error says so.
      await recordFailure(folder, stage.name, error).catch(() => undefined)
      throw error
    } finally {
      await lease.release()
    }
  }
}

/** Runs a stage whose lease is held. `undefined` if another process has finished it, or taken the attempt over. */
const runAttempt = async (
  folder: string,
  stage: Stage,
  make: (folder: string) => Promise<void>,
): Promise<MadeStage | undefined> => {
  if (await isDone(folder)) return undefined
  await removeFailure(folder)
  const attempt = await beginAttempt(folder)
  const started = performance.now()
  const since = (): number => (performance.now() - started) / 1000
  try {
    await make(attempt.result)
    await writeFileAtomic(join(attempt.result, RECORD), recordOf(stage, since()))
  } catch (error) {
    // What fails after the folder is gone says nothing about the stage.
    if (await attempt.leave()) throw error
    await attempt.discard()
    return undefined
  }
  if (!(await attempt.leave()) || !(await commit(attempt.result, folder))) {
    await attempt.discard()
    return undefined
  }
  const seconds = since()
  await removeFailure(folder)
  for (const useless of await attemptsOf(folder)) await discard(useless, folder)
  return { folder, seconds, made: true }
}

/** Gives a result its final name. False if there is one of that name, or the result was taken away. */
const commit = (result: string, folder: string): Promise<boolean> =>
  rename(result, folder).then(
    () => true,
    async (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || (await isDone(folder))) return false
      throw cause
    },
  )

const recordOf = (stage: Stage, seconds: number): string => {
  const { name, version, config, needs } = stage
  const record = {
    name,
    version,
    key: stageKey(stage),
    config,
    needs: Object.fromEntries(Object.entries(needs).map(([role, need]) => [role, stageFolder('', need)])),
    seconds: Math.round(seconds),
    finished: new Date().toISOString(),
  }
  return `${JSON.stringify(record, null, 2)}\n`
}

const holderOf = (lease: string | undefined): string => {
  const owner = parseOwner(lease ?? '')
  return owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`
}
