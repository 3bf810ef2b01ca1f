import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { link, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CoreErrorCode } from './error-code.ts'
import { isKicError, KicError } from './kic-error.ts'
import { makeFolders } from './make-folders.ts'
import { unwritable } from './unwritable.ts'

/** The process that holds a lock, as its file says. */
interface Owner {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
  /** When the process began, as Linux counts it: another process may have the number of one that ended. */
  readonly start?: string | undefined
}

/** Locks of this process: the contents of their files, by path. */
const held = new Map<string, string>()

/** A lock that is being written has no owner for a moment. */
const PATIENCE = { times: 40, milliseconds: 50 }

/**
 * Does some work while no other process may write the same output. The lock is a file beside the output, `.<name>.lock`.
 * It is removed when the work ends, and on `process.exit`, SIGINT and SIGTERM; a program that handles these signals itself
 * keeps the lock until the work ends. A process on the same machine takes over the lock of one that was killed.
 *
 * @param caller the function or command, for the error
 * @param output the file or folder to write
 * @throws KicError `core/locked` with the process that holds the lock, `core/output` if no lock can be written, and what
 *   `work` throws
 */
export const withOutputLock = async <T>(
  caller: string,
  output: string,
  work: () => Promise<T>,
): Promise<T> => {
  const path = resolve(output)
  const file = join(dirname(path), `.${basename(path)}.lock`)
  const failed = (cause: unknown): never => {
    throw isKicError(cause) ? cause : unwritable(caller, output, cause)
  }
  const undo = await makeFolders(dirname(file)).catch(failed)
  try {
    await take(caller, output, file).catch(failed)
    try {
      return await work()
    } finally {
      release(file)
    }
  } finally {
    await undo()
  }
}

const take = async (caller: string, output: string, file: string): Promise<void> => {
  const content = JSON.stringify(await thisProcess())
  for (let i = 0; i < PATIENCE.times; i++) {
    if (create(file, content)) {
      hold(file, content)
      return
    }
    const owner = await ownerOf(file)
    if (owner === undefined) await pause(PATIENCE.milliseconds)
    else if (await hasEnded(owner, file)) await discard(file, owner)
    else {
      throw locked(
        caller,
        output,
        `a lock of process ${owner.pid} on ${owner.host} since ${owner.since}. Wait until it ends, or stop it; ` +
          `if it no longer runs, remove ${file}.`,
      )
    }
  }
  throw locked(caller, output, `a lock without a process. Remove ${file}.`)
}

const locked = (caller: string, output: string, found: string): KicError =>
  new KicError<CoreErrorCode>(
    'core/locked',
    `${caller}: one process at a time may write ${output}, received ${found}`,
  )

const thisProcess = async (): Promise<Owner> => ({
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

/** Synchronous, so that no other work of this process sees a lock that is not yet held. Returns whether it is new. */
const create = (file: string, content: string): boolean => {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx')
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw cause
  }
  try {
    writeFileSync(descriptor, content)
  } catch (cause) {
    rmSync(file, { force: true })
    throw cause
  } finally {
    closeSync(descriptor)
  }
  return true
}

/** `undefined` if there is no lock any more, or none yet. */
const ownerOf = async (file: string): Promise<Owner | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    const { pid, host, since, start }: { readonly [K in keyof Owner]?: unknown } = Object(JSON.parse(text))
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

const hasEnded = async ({ pid, host, start }: Owner, file: string): Promise<boolean> => {
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return true
  }
  if (start === undefined) return pid === process.pid && !held.has(file)
  const now = await startOf(pid)
  return now !== undefined && now !== start
}

/** Removes a lock, unless another process has taken it over in the meantime. */
const discard = async (file: string, { pid, since }: Owner): Promise<void> => {
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    // Of several processes, one moves the file.
    await rename(file, aside)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return
    throw cause
  }
  const moved = await ownerOf(aside)
  if (moved?.pid !== pid || moved.since !== since) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

const hold = (file: string, content: string): void => {
  if (held.size === 0) {
    process.on('exit', releaseAll)
    unhandled = SIGNALS.filter((signal) => process.listenerCount(signal) === 0)
    for (const signal of unhandled) process.on(signal, releaseAndEnd)
  }
  held.set(file, content)
}

/** Synchronous, so that it works while the process exits. */
const release = (file: string): void => {
  const content = held.get(file)
  held.delete(file)
  try {
    if (readFileSync(file, 'utf8') === content) rmSync(file)
  } catch {
    // Somebody removed it.
  }
  if (held.size > 0) return
  process.off('exit', releaseAll)
  for (const signal of unhandled) process.off(signal, releaseAndEnd)
}

const releaseAll = (): void => {
  for (const file of held.keys()) release(file)
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Signals that nothing else handles: Node.js ends the process at once. */
let unhandled: readonly NodeJS.Signals[] = []

const releaseAndEnd = (signal: NodeJS.Signals): void => {
  releaseAll()
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined
