import { type BigIntStats, fstatSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { followLinks } from './follow-links.ts'

/** Whether two paths lead to the same file, through symbolic or hard links, or would if it existed. */
export const sameFile = async (one: string, other: string): Promise<boolean> => {
  const [a, b] = await Promise.all([statOf(one), statOf(other)])
  if (a !== undefined && b !== undefined) return isSame(a, b)
  return a === b && (await followLinks(one)) === (await followLinks(other))
}

/** Whether standard input is read from a file. */
export const isStandardInput = async (path: string): Promise<boolean> => {
  const found = await statOf(path)
  const input = standardInput()
  return found !== undefined && input !== undefined && isSame(found, input)
}

const isSame = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

const statOf = (path: string): Promise<BigIntStats | undefined> =>
  stat(path, { bigint: true }).catch(() => undefined)

const standardInput = (): BigIntStats | undefined => {
  try {
    return fstatSync(0, { bigint: true })
  } catch {
    // It is closed.
    return undefined
  }
}
