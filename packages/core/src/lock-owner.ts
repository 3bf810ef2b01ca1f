import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isHeld } from './held-locks.ts'

/** The process that holds a lock, as its file says. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
  /** When the process began, as Linux counts it: another process may have the number of one that ended. */
  readonly start?: string | undefined
}

export const thisProcess = async (): Promise<LockOwner> => ({
  pid: process.pid,
  host: hostname(),
  since: new Date().toISOString(),
  start: await startOf(process.pid),
})

/** When a process began, in clock ticks since the machine was booted: field 22 of proc(5). Only on Linux. */
const startOf = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field is a name in brackets, which may hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

/** `undefined` if there is no lock any more, or none yet. */
export const ownerOf = (file: string): LockOwner | undefined => {
  try {
    const { pid, host, since, start }: { readonly [K in keyof LockOwner]?: unknown } = Object(
      JSON.parse(readFileSync(file, 'utf8')),
    )
    if (
      !Number.isSafeInteger(pid) ||
      Number(pid) < 1 ||
      typeof host !== 'string' ||
      typeof since !== 'string'
    )
      return undefined
    return { pid: Number(pid), host, since, start: typeof start === 'string' ? start : undefined }
  } catch {
    return undefined
  }
}

/** Whether a lock's process is known to have ended: one of another machine never is. */
export const hasEnded = async ({ pid, host, start }: LockOwner, file: string): Promise<boolean> => {
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return true
  }
  if (start === undefined) return pid === process.pid && !isHeld(file)
  const now = await startOf(pid)
  return now !== undefined && now !== start
}
