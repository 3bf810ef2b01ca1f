import { randomBytes } from 'node:crypto'
import { mkdir, open, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KicError } from '@kic/core'
import type { CliErrorCode } from './error-code.ts'

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const refused = (caller: string, path: string, cause: unknown): KicError =>
  new KicError<CliErrorCode>(
    'cli/output',
    `${caller}: the output must be writable, received ${path}: ${messageOf(cause)}. Set another output with -o.`,
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
 * Creates a folder and its missing parents, one by one: recursive `mkdir` never ends on a file system that refuses new
 * folders as missing, such as /proc.
 *
 * @returns a function that removes the created folders
 */
const makeFolder = async (folder: string): Promise<() => Promise<void>> => {
  const missing: string[] = []
  for (let at = resolve(folder); (await kindAt(at)) === undefined; at = dirname(at)) missing.unshift(at)
  const made: string[] = []
  const undo = async (): Promise<void> => {
    // Somebody may have put something there meanwhile, so only empty folders are removed.
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

/** Writes an empty file into a folder and removes it. */
const tryWriting = async (folder: string): Promise<void> => {
  const probe = join(folder, `.kic-${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(probe, 'wx')
  await file.close()
  await rm(probe)
}

/**
 * Checks that an output folder can be written, before anything is computed. It leaves nothing behind.
 *
 * @param caller the command, for the error
 * @throws KicError `cli/output` with the obstacle
 */
export const checkOutputFolder = async (caller: string, path: string): Promise<void> => {
  try {
    const folder = resolve(path)
    if ((await kindAt(folder)) === 'file') throw new Error('it is a file, not a folder')
    // A new folder replaces it, so its parent must be writable too.
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
 * Checks that an output file can be written and overwrites no input, before anything is computed.
 *
 * @throws KicError `cli/output` with the obstacle
 */
export const checkOutputFile = async (
  caller: string,
  path: string,
  inputs: readonly string[] = [],
): Promise<void> => {
  try {
    const file = resolve(path)
    if ((await kindAt(file)) === 'folder') throw new Error('it is a folder, not a file')
    if (inputs.some((input) => input !== '-' && resolve(input) === file))
      throw new Error('it is also an input, which would be lost')
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
