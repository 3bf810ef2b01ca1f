import { randomBytes } from 'node:crypto'
import { mkdir, open, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KicError } from '@kic/core'

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const refused = (caller: string, path: string, cause: unknown): KicError =>
  new KicError(
    'cli/output',
    `${caller}: the output must be writable, received ${path}: ${messageOf(cause)}. Name another one with -o.`,
    { cause },
  )

const kindAt = async (path: string): Promise<'file' | 'folder' | undefined> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

/**
 * Makes a folder and the missing ones above it, one by one: the recursion of `mkdir` never ends where a file system refuses
 * new folders as missing, as /proc does.
 *
 * @returns what takes away again what was made
 */
const makeFolder = async (folder: string): Promise<() => Promise<void>> => {
  const missing: string[] = []
  for (let at = resolve(folder); (await kindAt(at)) === undefined; at = dirname(at)) missing.unshift(at)
  const made: string[] = []
  const undo = async (): Promise<void> => {
    // Somebody may have put something there meanwhile: only empty folders go.
    for (const at of made.toReversed()) await rmdir(at).catch(() => undefined)
  }
  try {
    for (const at of missing) {
      await mkdir(at)
      made.push(at)
    }
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}

/** Writes a file of no bytes into a folder and takes it away again. */
const tryWriting = async (folder: string): Promise<void> => {
  const probe = join(folder, `.kic-${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(probe, 'wx')
  await file.close()
  await rm(probe)
}

/**
 * Finds out, before anything is computed, whether a folder of output can be written. It leaves nothing behind.
 *
 * @param caller the command, for the error
 * @throws KicError `cli/output` saying what is in the way
 */
export const checkOutputFolder = async (caller: string, path: string): Promise<void> => {
  try {
    const folder = resolve(path)
    if ((await kindAt(folder)) === 'file') throw new Error('it is a file, a folder is wanted')
    // The folder is exchanged for a new one, so its parent must be writable, too.
    const undo = await makeFolder(folder)
    try {
      await tryWriting(folder)
      if (dirname(folder) !== folder) await tryWriting(dirname(folder))
    } finally {
      await undo()
    }
  } catch (cause) {
    throw refused(caller, path, cause)
  }
}

/**
 * Finds out, before anything is computed, whether a file of output can be written, and that no input is written over.
 *
 * @throws KicError `cli/output` saying what is in the way
 */
export const checkOutputFile = async (
  caller: string,
  path: string,
  inputs: readonly string[] = [],
): Promise<void> => {
  try {
    const file = resolve(path)
    if ((await kindAt(file)) === 'folder') throw new Error('it is a folder, a file is wanted')
    if (inputs.some((input) => input !== '-' && resolve(input) === file))
      throw new Error('it is an input, which would be lost')
    const undo = await makeFolder(dirname(file))
    try {
      await tryWriting(dirname(file))
    } finally {
      await undo()
    }
  } catch (cause) {
    throw refused(caller, path, cause)
  }
}
