import { closeSync, openSync, writeSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { startHeartbeat } from './heartbeat.ts'
import { thisProcess } from './owner.ts'
import { generationsOf, leaseFile, newToken } from './store-names.ts'

/** Times of leases, in milliseconds. */
export interface LeaseTiming {
  /** Between two heartbeats of a holder. */
  readonly beat: number
  /** Without a heartbeat after which observers take over, by their own clocks. Several beats. */
  readonly silence: number
  /** Between two looks at the store while waiting. */
  readonly poll: number
}

export const LEASE_TIMING: LeaseTiming = { beat: 5_000, silence: 40_000, poll: 1_000 }

/** The lease that counts, as its file reads. */
export interface FoundLease {
  readonly generation: number
  readonly text: string
}

/** A lease of this process. */
export interface Lease {
  /** Stops the heartbeat and removes the lease, with the dead ones before it. */
  readonly release: () => Promise<void>
}

/** The lease of a stage; `undefined` if nobody runs it. */
export const findLease = async (folder: string): Promise<FoundLease | undefined> => {
  const generation = (await generationsOf(folder)).at(-1)
  if (generation === undefined) return undefined
  return { generation, text: await textOf(leaseFile(folder, generation)) }
}

/**
 * Takes the lease of a stage by creating its file, which one process alone can. A dead lease is not removed but
 * followed by the next generation, so nobody can remove a lease that has just been taken.
 *
 * A lease saves work; it is not what keeps results whole. A process that only seemed dead may still run, in a folder of
 * its own, and the commit decides.
 *
 * @param dead the lease that is found to be dead; `undefined` if there is none
 * @returns `undefined` if another process was first
 */
export const takeLease = async (
  folder: string,
  dead: FoundLease | undefined,
  { beat }: Pick<LeaseTiming, 'beat'>,
): Promise<Lease | undefined> => {
  const generation = (dead?.generation ?? 0) + 1
  const file = leaseFile(folder, generation)
  const content = { ...thisProcess(), token: newToken() }
  const descriptor = createdFile(file)
  if (descriptor === undefined) return undefined
  writeSync(descriptor, JSON.stringify({ ...content, beat: 0 }), 0)
  const stop = startHeartbeat(descriptor, content, beat)
  return {
    release: async () => {
      await stop()
      closeSync(descriptor)
      for (const earlier of await generationsOf(folder))
        if (earlier < generation) await rm(leaseFile(folder, earlier), { force: true })
      if ((await textOf(file)).includes(content.token)) await rm(file, { force: true })
    },
  }
}

/** The descriptor of a new file; `undefined` if there is one of that name. */
const createdFile = (file: string): number | undefined => {
  try {
    return openSync(file, 'wx')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return undefined
    throw cause
  }
}

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
