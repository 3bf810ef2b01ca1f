import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CoreErrorCode } from './error-code.ts'
import { followLinks } from './follow-links.ts'
import { holdLock, releaseLock } from './held-locks.ts'
import { isKicError, KicError } from './kic-error.ts'
import { createFile, discardLock } from './lock-file.ts'
import { hasEnded, ownerOf, thisProcess } from './lock-owner.ts'
import { makeFolders } from './make-folders.ts'
import { unwritable } from './unwritable.ts'

/** A lock that is being written has no owner for a moment. */
const PATIENCE = { times: 40, milliseconds: 50 }

/**
 * Does some work while no other process may write the same output. The lock is a file beside the output, `.<name>.lock`, behind links.
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
  const failed = (cause: unknown): never => {
    throw isKicError(cause) ? cause : unwritable(caller, output, cause)
  }
  const path = await followLinks(output).catch(failed)
  const file = join(dirname(path), `.${basename(path)}.lock`)
  const undo = await makeFolders(dirname(file)).catch(failed)
  try {
    await take(caller, output, file).catch(failed)
    try {
      return await work()
    } finally {
      releaseLock(file)
    }
  } finally {
    await undo()
  }
}

const take = async (caller: string, output: string, file: string): Promise<void> => {
  const content = JSON.stringify(await thisProcess())
  for (let i = 0; i < PATIENCE.times; i++) {
    if (createFile(file, content)) {
      holdLock(file, content)
      return
    }
    const owner = ownerOf(file)
    if (owner === undefined) await pause(PATIENCE.milliseconds)
    else if (await hasEnded(owner, file)) {
      if (!discardLock(file, owner)) await pause(PATIENCE.milliseconds)
    } else {
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
