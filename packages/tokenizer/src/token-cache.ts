import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { TokenizerErrorCode } from './error-code.ts'
import { asArray, asInteger, asObject, asString, own } from './json-shape.ts'
import type { RaggedRows } from './ragged-rows.ts'
import { byteOrder, decodeShard, encodeShard, type ShardEntry, sha256 } from './token-shard.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Texts to be tokenised, and integers that go with them, such as class numbers. */
export interface TextBlock {
  readonly texts: readonly string[]
  /** By name, one for each text. */
  readonly columns?: Readonly<Record<string, ArrayLike<number>>>
}

/** What is kept, and where. */
export interface TokenCacheOptions {
  /** A folder for any number of caches; each has its own inside. */
  readonly folder: string
  readonly tokenizer: Tokenizer
  /** The longest row, special tokens included. */
  readonly maxLength: number
  /**
   * What the texts are: a hash of their source and of everything that decides what is made of it. Equal ones must mean
   * equal texts and columns.
   */
  readonly content: string
  /** The names of the columns that every block has. */
  readonly columns?: readonly string[]
  /** The texts, read only where the cache does not have them. */
  readonly texts: () => AsyncIterable<TextBlock> | Iterable<TextBlock>
  /** Rows of a shard; bounds the memory of making a cache. Default 131,072. */
  readonly shardRows?: number
  /** Called with the rows done so far. */
  readonly onProgress?: (rows: number) => void
}

/** Tokens of all rows, special ones included, and the columns beside them. */
export interface TokenCache {
  /** The folder of this cache. */
  readonly path: string
  readonly rows: number
  /** As `tokenLengths` and `tokenBatch` of `@kic/trainer` take them. */
  readonly inputIds: RaggedRows
  readonly columns: Readonly<Record<string, Int32Array>>
  /** Whether everything was there already: then no text was read. */
  readonly fromCache: boolean
}

const manifestName = 'cache.json'
const version = 1

/**
 * What a tokenizer does, in 256 bits: a hash of its files.
 *
 * @throws KicError `tokenizer/no-files` for one that another library holds.
 */
export const tokenizerHash = ({ files }: Tokenizer): string => {
  if (files === null)
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/no-files',
      'tokenizerHash: a tokenizer that another library holds has no files to tell it by; load its folder instead',
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
      `openTokenCache: ${join(path, manifestName)} is not as it was written; delete the folder, and it is made again`,
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
        `openTokenCache: ${join(path, entry.file)} could not be read; delete the cache's folder, and it is made again`,
        { cause },
      )
    }
    decodeShard(bytes, entry, names, { ...inputIds, columns }, before)
    before.rows += entry.rows
    before.tokens += entry.tokens
  }
  return { path, rows, inputIds, columns, fromCache }
}

/** Rows gathered until a shard is full. */
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
      names.map((name, i) => [name, Int32Array.from(pending.columns[i] ?? [])]),
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
          `openTokenCache: the column ${name} must have an integer for each of the ${texts.length} texts of a block, received ${received ?? 'none'}`,
        )
    }
    for (const [row, text] of texts.entries()) {
      pending.texts.push(text)
      names.forEach((name, i) => {
        pending.columns[i]?.push(columns[name]?.[row] ?? 0)
      })
      if (pending.texts.length >= shardRows) await flush()
    }
  }
  await flush()
  const manifest = { version, rows: done, columns: names, shards }
  // Last of all: a cache without its manifest is not there.
  await writeFileAtomic(join(path, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
  return shards
}

/**
 * The tokens of many texts, tokenised once: shards of typed arrays in a folder that is named by what the texts are, by
 * what the tokenizer does, and by the options that matter. All who ask for the same share them, and nobody reads a text
 * again. A cache that was not finished is not used but made again; files appear whole or not at all.
 *
 * @throws KicError `tokenizer/no-files`, `tokenizer/bad-column`, `tokenizer/bad-length`, `tokenizer/damaged-cache`,
 * `core/write-failed`, and whatever the texts throw.
 */
export const openTokenCache = async (options: TokenCacheOptions): Promise<TokenCache> => {
  const { folder, tokenizer, maxLength, content, columns = [] } = options
  const names = [...columns].sort()
  const key = JSON.stringify([version, byteOrder, content, tokenizerHash(tokenizer), maxLength, names])
  const path = join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32))
  const found = await readManifest(path)
  return load(path, found ?? (await build(path, options, names)), names, found !== undefined)
}
