import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'

/** The process behind a lease or an attempt. */
export interface Owner {
  readonly host: string
  readonly pid: number
  /** Equal where process numbers mean the same processes. */
  readonly machine: string
}

/** Containers may share a host name but not process numbers, and numbers begin again when a machine is booted. */
const machine = (): string => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname() // not Linux
  }
}

export const thisProcess = (): Owner => ({ host: hostname(), pid: process.pid, machine: machine() })

const schema = z.object({ host: z.string(), pid: z.int().min(1), machine: z.string() })

/** The owner that a file names; `undefined` if it is not complete. */
export const parseOwner = (text: string): Owner | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Whether a process is known to have ended. One of another machine never is. */
export const hasEnded = ({ pid, machine: where }: Owner): boolean => {
  if (where !== machine()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH'
  }
}
