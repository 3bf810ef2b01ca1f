import { access, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { deleted, discard, moved } from './moved.ts'
import { hasEnded, parseOwner, thisProcess } from './owner.ts'
import { attemptFolder, attemptsOf, newToken } from './store-names.ts'

/** Names the process that writes the result. */
const OWNER = 'owner.json'
/** The former owner's file once that process writes nothing more. */
const LEFT = 'left.json'
const RESULT = 'result'

/** A folder that a process fills with the result of a stage. */
export interface Attempt {
  /** The folder of the result. */
  readonly result: string
  /**
   * Ends the writing. False if another process has taken the attempt over: what is in the folder now, if anything, is
   * not whole.
   */
  readonly leave: () => Promise<boolean>
  readonly discard: () => Promise<void>
}

/** Begins an attempt, with the files of a dead one. The caller holds the stage's lease. */
export const beginAttempt = async (folder: string): Promise<Attempt> => {
  const own = attemptFolder(folder, newToken())
  for (const dead of await attemptsOf(folder)) {
    // One process can rename it. Its former owner, if it lives after all, then finds nothing to commit.
    if (!(await moved(dead, own))) continue
    if (await takeOver(own)) break
    await discard(own, folder)
  }
  const result = join(own, RESULT)
  await mkdir(result, { recursive: true })
  await writeFileAtomic(join(own, OWNER), JSON.stringify(thisProcess()))
  await rm(join(own, LEFT), { force: true })
  return {
    result,
    leave: () => moved(join(own, OWNER), join(own, LEFT)),
    discard: () => discard(own, folder),
  }
}

/**
 * Makes a dead attempt's files ours. False if it has none to resume from: a folder without owner was begun a moment
 * ago, or is debris of a process that wrote on after it had lost its folder.
 */
const takeOver = async (own: string): Promise<boolean> => {
  const result = join(own, RESULT)
  if (!(await exists(result))) return false
  if (!(await exists(join(own, LEFT)))) {
    const text = await readFile(join(own, OWNER), 'utf8').catch(() => undefined)
    if (text === undefined) return false
    const owner = parseOwner(text)
    if (owner === undefined || !hasEnded(owner)) await detach(own)
  }
  await removeTemporaries(result)
  return true
}

/** Replaces the files by copies, out of the reach of a process that may still have the originals open. */
const detach = async (own: string): Promise<void> => {
  const [result, copy, original] = [join(own, RESULT), join(own, newToken()), join(own, newToken())]
  await cp(result, copy, { recursive: true })
  await rename(result, original)
  await rename(copy, result)
  await deleted(original)
}

/** What the atomic writers of `@kic/core/node` leave when they are killed would become part of the result. */
const removeTemporaries = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (/^\..+\.[0-9a-f]{12}\.(?:tmp|old)$/.test(entry.name)) await rm(path, { recursive: true })
    else if (entry.isDirectory()) await removeTemporaries(path)
  }
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
