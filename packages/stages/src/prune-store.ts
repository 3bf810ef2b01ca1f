import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type FoundLease, findLease, LEASE_TIMING, type LeaseTiming, takeLease } from './lease.ts'
import { leaseWatch } from './lease-watch.ts'
import { discard } from './moved.ts'
import { inOrder, type Stage } from './stage.ts'
import { removeFailure } from './stage-failure.ts'
import { isDone, stageFolder } from './stage-folder.ts'
import { attemptsOf, entriesOf, STORE_ENTRY } from './store-names.ts'

/** What became of a store. Names are those of results' folders. */
export interface PrunedStore {
  /** Results and attempts that are gone. */
  readonly removed: readonly string[]
  /** Left alone, because another process runs these stages. */
  readonly busy: readonly string[]
}

/**
 * Removes from a store what the given stages and their needs do not use: results of other stages, with their attempts
 * and failures, and what dead processes left beside finished results. Attempts of the given stages that can resume
 * stay, and so does everything that is not named like an entry of a store. A lease that may be dead is watched first.
 *
 * @param keep of every run that shares the store: what only another run uses would be removed
 * @param timing how long to watch a lease, in milliseconds
 * @throws KicError `stages/name`
 */
export const pruneStore = async (
  root: string,
  keep: readonly Stage[],
  timing: LeaseTiming = LEASE_TIMING,
): Promise<PrunedStore> => {
  const kept = new Set(inOrder(keep).map((stage) => basename(stageFolder(root, stage))))
  const entries = (await entriesOf(root)).filter((entry) => STORE_ENTRY.test(entry))
  const byResult = new Map<string, string[]>()
  for (const entry of entries) {
    const name = STORE_ENTRY.exec(entry)?.groups?.folder ?? entry
    byResult.set(name, [...(byResult.get(name) ?? []), entry])
  }
  const [removed, busy]: [string[], string[]] = [[], []]
  await Promise.all(
    [...byResult].map(async ([name, found]) => {
      if (kept.has(name) && found.every((entry) => entry === name)) return
      const folder = join(root, name)
      const dead = await deadLease(folder, timing)
      const lease = dead === 'alive' ? undefined : await takeLease(folder, dead, timing)
      if (lease === undefined) {
        busy.push(name)
        return
      }
      try {
        if (await pruneStage(folder, found, kept.has(name))) removed.push(name)
      } finally {
        await lease.release()
      }
    }),
  )
  return { removed: removed.sort(), busy: busy.sort() }
}

/** Prunes a stage whose lease is held. Whether a result or an attempt is gone. */
const pruneStage = async (folder: string, entries: readonly string[], keep: boolean): Promise<boolean> => {
  const attempts = await attemptsOf(folder)
  const done = await isDone(folder)
  for (const entry of entries.filter((name) => /\.(discarded|tmp)$/.test(name)))
    await rm(join(folder, '..', entry), { recursive: true, force: true })
  if (keep && !done) return false
  await removeFailure(folder)
  for (const attempt of attempts) await discard(attempt, folder)
  if (!keep) await discard(folder, folder)
  return attempts.length > 0 || (!keep && done)
}

/** The lease of a stage, if it is dead or there is none. It takes up to `silence` to know. */
const deadLease = async (folder: string, timing: LeaseTiming): Promise<FoundLease | undefined | 'alive'> => {
  const isDead = leaseWatch(timing)
  const first = await findLease(folder)
  for (;;) {
    const now = await findLease(folder)
    if (now === undefined || isDead(now)) return now
    if (now.text !== first?.text || now.generation !== first.generation) return 'alive'
    await pause(timing.poll)
  }
}
