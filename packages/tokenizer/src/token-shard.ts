import { createHash } from 'node:crypto'
import { endianness } from 'node:os'
import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import type { RaggedRows } from './ragged-rows.ts'

/** Some rows of a cache: their tokens and, by name, an integer per row. */
export interface TokenShard {
  readonly tokens: RaggedRows
  readonly columns: Readonly<Record<string, Int32Array>>
}

/** The entry of a shard in the manifest of a cache. */
export interface ShardEntry {
  readonly file: string
  readonly rows: number
  readonly tokens: number
  readonly sha256: string
}

const bytesOf = (values: Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** Numbers in memory are little-endian on every platform of Node.js but one. */
export const byteOrder = endianness()

export const sha256 = (pieces: readonly Uint8Array[]): string => {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

/** The bytes of a shard: lengths of the rows, then each column in the order of the names, then all ids, as int32. */
export const encodeShard = (
  { tokens, columns }: TokenShard,
  names: readonly string[],
): readonly Uint8Array[] => {
  const { values, offsets } = tokens
  const lengths = Int32Array.from(
    { length: offsets.length - 1 },
    (_, row) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0),
  )
  return [lengths, ...names.map((name) => columns[name] ?? new Int32Array(0)), values].map(bytesOf)
}

/** The arrays of all shards of a cache, filled shard by shard. */
export interface ShardTarget {
  readonly values: Int32Array
  readonly offsets: Int32Array
  readonly columns: Readonly<Record<string, Int32Array>>
}

/**
 * Appends a shard's rows.
 *
 * @throws KicError `tokenizer/damaged-cache` if its bytes are not those that were written
 */
export const decodeShard = (
  bytes: Uint8Array,
  entry: ShardEntry,
  names: readonly string[],
  target: ShardTarget,
  before: { readonly rows: number; readonly tokens: number },
): void => {
  const { rows, tokens } = entry
  if (bytes.byteLength !== 4 * (rows * (1 + names.length) + tokens) || sha256([bytes]) !== entry.sha256)
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/damaged-cache',
      `openTokenCache: ${entry.file} must be as it was written, received other contents. Delete the cache's folder to make it again.`,
    )
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  const numbers = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
  let at = 0
  const take = (count: number): Int32Array => {
    at += count
    return numbers.subarray(at - count, at)
  }
  let end = before.tokens
  take(rows).forEach((length, row) => {
    end += length
    target.offsets[before.rows + row + 1] = end
  })
  for (const name of names) target.columns[name]?.set(take(rows), before.rows)
  target.values.set(take(tokens), before.tokens)
}
