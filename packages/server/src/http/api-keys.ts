import { createHash, timingSafeEqual } from 'node:crypto'
import { KicError } from '@kic/core'
import type { ServerErrorCode } from '../error-code.ts'

/** Shorter keys could be guessed. */
const SHORTEST = 16

/** Whether a key is one of the accepted ones. */
export type KeyCheck = (given: string) => boolean

/**
 * The keys of a file: one per line; empty lines and lines that start with `#` are left out.
 *
 * @throws KicError `server/api-keys` with the line, never with the key
 */
export const parseApiKeys = (text: string): readonly string[] => {
  const keys = text.split(/\r?\n/).flatMap((line, i) => {
    const key = line.trim()
    return key === '' || key.startsWith('#') ? [] : [checkedKey(key, `line ${i + 1}`)]
  })
  if (keys.length > 0) return keys
  throw badKeys('the file must have at least one key, received none. Write one per line.')
}

const checkedKey = (key: string, place: string): string => {
  if (!/^[\x21-\x7e]+$/.test(key))
    throw badKeys(`a key has printable ASCII characters only, received others at ${place}. Replace it.`)
  if (key.length < SHORTEST)
    throw badKeys(
      `a key has at least ${SHORTEST} characters, received ${key.length} at ${place}. Make one with \`openssl rand -hex 32\`.`,
    )
  return key
}

const badKeys = (rule: string): KicError =>
  new KicError<ServerErrorCode>('server/api-keys', `parseApiKeys: ${rule}`)

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

/**
 * Compares keys in constant time: digests have one length, and all of them are compared whatever the outcome.
 *
 * @throws KicError `server/api-keys`
 */
export const keyCheck = (keys: readonly string[]): KeyCheck => {
  const digests = keys.map((key, i) => digest(checkedKey(key, `position ${i}`)))
  return (given) => {
    const own = digest(given)
    let found = false
    for (const known of digests) found = timingSafeEqual(known, own) || found
    return found
  }
}

/** The key of a request: `Authorization: Bearer KEY`, or `X-API-Key: KEY`. */
export const keyOf = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined => {
  const { authorization, 'x-api-key': own } = headers
  if (typeof own === 'string') return own
  return typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined
}
