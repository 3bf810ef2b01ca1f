import { closeSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type LockOwner, ownerOf } from './lock-owner.ts'

/** Milliseconds after which a file that should be there for a moment was left by a process that was killed just then. */
const MOMENT = 2000

/**
 * Creates a file. Synchronous, so that no other work of this process sees a lock that is not yet held.
 *
 * @returns false if the file is there already
 */
export const createFile = (file: string, content: string): boolean => {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
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

/**
 * Removes the lock of a process that has ended. Of several processes, one at a time looks whether it is still that lock, so
 * that none removes the lock of another one that took over.
 *
 * @returns false if another process is at it
 */
export const discardLock = (file: string, { pid, since }: LockOwner): boolean => {
  const guard = `${file}.taken`
  if (!createFile(guard, '')) {
    if (isAbandoned(guard)) rmSync(guard, { force: true })
    return false
  }
  try {
    const now = ownerOf(file)
    if (now?.pid === pid && now.since === since) rmSync(file)
  } finally {
    rmSync(guard, { force: true })
  }
  return true
}

const isAbandoned = (guard: string): boolean => {
  const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs
  return made !== undefined && Date.now() - made > MOMENT
}
