import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defined, KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { TokenizerErrorCode } from './error-code.ts'
import { asArray, asInteger, asObject, asString, own } from './json-shape.ts'
import type { RaggedRows } from './ragged-rows.ts'
import { byteOrder, decodeShard, encodeShard, type ShardEntry, sha256 } from './token-shard.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Texts to tokenize, and integers for each, such as class numbers. */
export interface TextBlock {
  readonly texts: readonly string[]
  /** By name, one per text. */
  readonly columns?: Readonly<Record<string, ArrayLike<number>>> | undefined
}

/** The contents and the place of a cache. */
export interface TokenCacheOptions {
  /** A folder for any number of caches; each is a folder inside it. */
  readonly folder: string
  readonly tokenizer: Tokenizer
  /** The longest row, special tokens included. */
  readonly maxLength: number
  /**
   * The identity of the texts: a hash of their source and of everything that affects them. Equal hashes must mean equal
   * texts and columns.
   */
  readonly content: string
  /** The names of the columns in every block. */
  readonly columns?: readonly string[] | undefined
  /** The texts, read only if the cache lacks them. */
  readonly texts: () => AsyncIterable<TextBlock> | Iterable<TextBlock>
  /** Rows per shard; bounds the memory while a cache is made. Default 131,072. */
  readonly shardRows?: number | undefined
  /** Called with the rows done so far. */
  readonly onProgress?: ((rows: number) => void) | undefined
}

/** Tokens of all rows, including special ones, and their columns. */
export interface TokenCache {
  /** The folder of this cache. */
  readonly path: string
  readonly rows: number
  /** As `tokenLengths` and `tokenBatch` of `@kic/trainer` take them. */
  readonly inputIds: RaggedRows
  readonly columns: Readonly<Record<string, Int32Array>>
  /** Whether the cache was complete; then no text was read. */
  readonly fromCache: boolean
}

const manifestName = 'cache.json'
const version = 1

/**
 * The identity of a tokenizer: a 256-bit hash of its files.
 *
 * @throws KicError `tokenizer/no-files` for one that another library holds.
 */
export const tokenizerHash = ({ files }: Tokenizer): string => {
  if (files === null)
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/no-files',
      'tokenizerHash: a tokenizer must have files to hash, received one of another library. Load its folder instead.',
    )
  return createHash('sha256').update(JSON.stringify(files)).digest('hex')
}

const readManifest = async (path: string): Promise<readonly ShardEntry[] | undefined> => {
  let text: string
  try {
    text = await readFile(join(path, manifestName), 'utf8')
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined
    throw error
  }
  const limit = 2 ** 31
  try {
    return asArray(own(asObject(JSON.parse(text), manifestName), 'shards'), 'shards').map((shard, i) => {
      const entry = asObject(shard, `shards[${i}]`)
      return {
        file: asString(own(entry, 'file'), 'file'),
        rows: asInteger(own(entry, 'rows'), 'rows', 0, limit),
        tokens: asInteger(own(entry, 'tokens'), 'tokens', 0, limit),
        sha256: asString(own(entry, 'sha256'), 'sha256'),
      }
    })
  } catch (cause) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/damaged-cache',
      `openTokenCache: ${join(path, manifestName)} must be as it was written, received other contents. Delete the folder to make it again.`,
      { cause },
    )
  }
}

const load = async (
  path: string,
  shards: readonly ShardEntry[],
  names: readonly string[],
  fromCache: boolean,
): Promise<TokenCache> => {
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0)
  const tokens = shards.reduce((sum, shard) => sum + shard.tokens, 0)
  const inputIds = { values: new Int32Array(tokens), offsets: new Int32Array(rows + 1) }
  const columns = Object.fromEntries(names.map((name) => [name, new Int32Array(rows)]))
  const before = { rows: 0, tokens: 0 }
  for (const entry of shards) {
    let bytes: Uint8Array
    try {
      bytes = await readFile(join(path, entry.file))
    } catch (cause) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/damaged-cache',
        `openTokenCache: ${join(path, entry.file)} must be readable, received an error. Delete the cache's folder to make it again.`,
        { cause },
      )
    }
    decodeShard(bytes, entry, names, { ...inputIds, columns }, before)
    before.rows += entry.rows
    before.tokens += entry.tokens
  }
  return { path, rows, inputIds, columns, fromCache }
}

/** Rows collected until a shard is full. */
interface Pending {
  texts: string[]
  columns: number[][]
}

const build = async (
  path: string,
  options: TokenCacheOptions,
  names: readonly string[],
): Promise<readonly ShardEntry[]> => {
  const { tokenizer, maxLength, shardRows = 131_072, onProgress } = options
  const shards: ShardEntry[] = []
  let done = 0
  let pending: Pending = { texts: [], columns: names.map(() => []) }
  const flush = async (): Promise<void> => {
    const rows = pending.texts.length
    if (rows === 0) return
    const tokens = tokenizer.encodeRows(pending.texts, { maxLength })
    const columns = Object.fromEntries(
      names.map((name, i) => [name, Int32Array.from(defined(pending.columns[i]))]),
    )
    const bytes = encodeShard({ tokens, columns }, names)
    const file = `shard-${String(shards.length).padStart(5, '0')}.bin`
    await writeFileAtomic(join(path, file), bytes)
    shards.push({ file, rows, tokens: tokens.values.length, sha256: sha256(bytes) })
    done += rows
    onProgress?.(done)
    pending = { texts: [], columns: names.map(() => []) }
  }
  for await (const { texts, columns = {} } of options.texts()) {
    for (const name of names) {
      const received = columns[name]?.length
      if (received !== texts.length)
        throw new KicError<TokenizerErrorCode>(
          'tokenizer/bad-column',
          `openTokenCache: the column ${name} must have an integer for each of the ${texts.length} texts of a block, received ${received ?? 'none'}. Correct the block.`,
        )
    }
    for (const [row, text] of texts.entries()) {
      pending.texts.push(text)
      names.forEach((name, i) => {
        pending.columns[i]?.push(defined(columns[name]?.[row]))
      })
      if (pending.texts.length >= shardRows) await flush()
    }
  }
  await flush()
  const manifest = { version, rows: done, columns: names, shards }
  // Written last: a cache without its manifest does not count.
  await writeFileAtomic(join(path, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
  return shards
}

/**
 * The tokens of many texts, tokenized once: shards of typed arrays in a folder named after the texts, the tokenizer and
 * the relevant options. Equal requests share them and read no text again. An unfinished cache is made again; files
 * appear whole or not at all.
 *
 * @throws KicError `tokenizer/no-files`, `tokenizer/bad-column`, `tokenizer/bad-length`, `tokenizer/damaged-cache`,
 * `core/write-failed`, and the errors of the texts
 */
export const openTokenCache = async (options: TokenCacheOptions): Promise<TokenCache> => {
  const { folder, tokenizer, maxLength, content, columns = [] } = options
  const names = [...columns].sort()
  const key = JSON.stringify([version, byteOrder, content, tokenizerHash(tokenizer), maxLength, names])
  const path = join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32))
  const found = await readManifest(path)
  return load(path, found ?? (await build(path, options, names)), names, found !== undefined)
}
