import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * What a store holds of one stage, all beside each other:
 *
 * - `<folder>`: the result; `<folder>.failed.json`: why the last attempt failed
 * - `<folder>.lease-<n>`: who runs the stage; the highest n counts
 * - `<folder>.<token>.unfinished`: an attempt
 * - `<folder>.<token>.discarded`: what is being deleted
 */
export const STORE_ENTRY =
  /^\.?(?<folder>[a-z][a-z0-9.-]*-[0-9a-f]{12})(?:|\.failed\.json(?:\.[0-9a-f]{12}\.tmp)?|\.lease-\d+|\.[0-9a-f]{12}\.(?:unfinished|discarded))$/

/** A token that no other attempt has. */
export const newToken = (): string => randomBytes(6).toString('hex')

export const failureFile = (folder: string): string => `${folder}.failed.json`
export const leaseFile = (folder: string, generation: number): string => `${folder}.lease-${generation}`
export const attemptFolder = (folder: string, token: string): string => `${folder}.${token}.unfinished`
export const discardedFolder = (folder: string): string => `${folder}.${newToken()}.discarded`

/** The attempts of a stage, dead ones included. */
export const attemptsOf = async (folder: string): Promise<readonly string[]> =>
  (await endingsOf(folder))
    .filter((ending) => /^\.[0-9a-f]{12}\.unfinished$/.test(ending))
    .map((ending) => `${folder}${ending}`)

/** The generations of a stage's leases, ascending. */
export const generationsOf = async (folder: string): Promise<readonly number[]> =>
  (await endingsOf(folder))
    .flatMap((ending) => /^\.lease-([1-9]\d{0,8})$/.exec(ending)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)

const endingsOf = async (folder: string): Promise<readonly string[]> => {
  const name = basename(folder)
  return (await entriesOf(dirname(folder)))
    .filter((entry) => entry.startsWith(name))
    .map((entry) => entry.slice(name.length))
}

/** The names in a store; none if there is no folder yet. */
export const entriesOf = (root: string): Promise<string[]> =>
  readdir(join(root)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw cause
  })
