import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { writeFileAtomic } from '@kic/core/node'
import { z } from 'zod'
import { failureFile } from './store-names.ts'

/** Why a stage failed, for those who wait for it elsewhere. */
export interface StageFailure {
  readonly name: string
  readonly reason: string
  readonly host: string
  readonly pid: number
  /** ISO 8601, by the clock of the host. */
  readonly time: string
}

const schema = z.object({
  name: z.string(),
  reason: z.string(),
  host: z.string(),
  pid: z.number(),
  time: z.string(),
})

/** A failure in this process, now. */
export const failureFrom = (name: string, error: unknown): StageFailure => ({
  name,
  reason: error instanceof Error ? error.message : String(error),
  host: hostname(),
  pid: process.pid,
  time: new Date().toISOString(),
})

export const recordFailure = (folder: string, name: string, error: unknown): Promise<void> =>
  writeFileAtomic(failureFile(folder), `${JSON.stringify(failureFrom(name, error), null, 2)}\n`)

/** The failure of a stage's last attempt; `undefined` if it has not failed, or is being run again. */
export const readFailure = async (folder: string, name: string): Promise<StageFailure | undefined> => {
  const file = failureFile(folder)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return { name, reason: `${file} is unreadable`, host: 'unknown', pid: 0, time: '' }
  }
}

export const removeFailure = (folder: string): Promise<void> => rm(failureFile(folder), { force: true })
