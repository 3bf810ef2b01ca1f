import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { createTokenizer } from './create-tokenizer.ts'
import { openTokenCache, type TextBlock, type TokenCacheOptions, tokenizerHash } from './token-cache.ts'
import { trainWordPiece } from './train-word-piece.ts'

const vocabulary = await trainWordPiece(KOREAN_ROWS, { vocabSize: 200, minFrequency: 1 })
const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
const other = createTokenizer({
  vocabulary: [...vocabulary, '새말'],
  tokenizerConfig: { do_lower_case: false },
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-tokens-'))
})
afterAll(() => rm(folder, { recursive: true }))

let reads = 0
async function* blocks(): AsyncGenerator<TextBlock> {
  reads += 1
  for (let at = 0; at < KOREAN_ROWS.length; at += 7) {
    const texts = KOREAN_ROWS.slice(at, at + 7)
    yield { texts, columns: { group: texts.map((_, i) => at + i), section: texts.map((_, i) => -1 - i) } }
  }
}
const options = (more: Partial<TokenCacheOptions> = {}): TokenCacheOptions => ({
  folder,
  tokenizer,
  maxLength: 12,
  content: 'korean rows',
  columns: ['group', 'section'],
  texts: blocks,
  shardRows: 10,
  ...more,
})

describe('a token cache', () => {
  it('has the ids of encodeBatch without their padding, and the columns', async () => {
    const { rows, inputIds, columns, fromCache } = await openTokenCache(options())
    expect([rows, fromCache]).toEqual([KOREAN_ROWS.length, false])
    const batch = tokenizer.encodeBatch(KOREAN_ROWS, { maxLength: 12, bucket: 1 })
    for (const [row, length] of batch.lengths.entries()) {
      const expected = batch.inputIds.subarray(row * batch.shape[1], row * batch.shape[1] + length)
      expect(inputIds.values.subarray(inputIds.offsets[row], inputIds.offsets[row + 1])).toEqual(expected)
    }
    expect(columns.group).toEqual(Int32Array.from(KOREAN_ROWS, (_, i) => i))
    expect(columns.section).toEqual(Int32Array.from(KOREAN_ROWS, (_, i) => -1 - (i % 7)))
  })

  it('is read the second time without any text', async () => {
    const first = await openTokenCache(options())
    const before = reads
    const second = await openTokenCache(options({ shardRows: 1000, columns: ['section', 'group'] }))
    expect(second).toEqual({ ...first, fromCache: true })
    expect(reads).toBe(before)
  })

  it('differs for other texts, tokenizers, lengths and columns', async () => {
    const paths = new Set([(await openTokenCache(options())).path])
    for (const change of [
      { content: 'others' },
      { tokenizer: other },
      { maxLength: 13 },
      { columns: ['group'] },
    ]) {
      const { path, fromCache } = await openTokenCache(options(change))
      expect(fromCache).toBe(false)
      paths.add(path)
    }
    expect(paths.size).toBe(5)
    expect(tokenizerHash(tokenizer)).not.toBe(tokenizerHash(other))
  })

  it('is made again if it was not finished', async () => {
    async function* breaking(): AsyncGenerator<TextBlock> {
      let count = 0
      for await (const block of blocks()) {
        if (++count === 4) throw new Error('unplugged')
        yield block
      }
    }
    const content = 'unplugged'
    await expect(openTokenCache(options({ content, texts: breaking }))).rejects.toThrow('unplugged')
    const { rows, fromCache } = await openTokenCache(options({ content }))
    expect([rows, fromCache]).toEqual([KOREAN_ROWS.length, false])
  })

  it.each([
    [
      'a shard with a flipped bit',
      'shard-00001.bin',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 9 ? byte ^ 4 : byte))),
    ],
    ['a shard cut short', 'shard-00002.bin', (bytes: Buffer) => bytes.subarray(0, -4)],
    ['a manifest of something else', 'cache.json', () => Buffer.from('{"shards": 1}')],
  ])('refuses %s', async (name, file, change) => {
    const { path } = await openTokenCache(options({ content: name }))
    await writeFile(join(path, file), change(await readFile(join(path, file))))
    await expect(openTokenCache(options({ content: name }))).rejects.toMatchObject({
      code: 'tokenizer/damaged-cache',
    })
  })

  it('refuses a shard that is missing, and columns that do not fit', async () => {
    const { path } = await openTokenCache(options({ content: 'missing' }))
    expect((await readdir(path)).sort().at(-1)).toBe('shard-00003.bin')
    await rm(join(path, 'shard-00003.bin'))
    await expect(openTokenCache(options({ content: 'missing' }))).rejects.toMatchObject({
      code: 'tokenizer/damaged-cache',
    })
    await expect(
      openTokenCache(options({ content: 'columns', columns: ['division'] })),
    ).rejects.toMatchObject({
      code: 'tokenizer/bad-column',
    })
  })

  it('requires a tokenizer with files, and room for tokens', async () => {
    expect(() => tokenizerHash({ ...tokenizer, files: null })).toThrow(
      expect.objectContaining({ code: 'tokenizer/no-files' }),
    )
    await expect(openTokenCache(options({ maxLength: 2 }))).rejects.toMatchObject({
      code: 'tokenizer/bad-length',
    })
  })

  it('reports its progress', async () => {
    const seen: number[] = []
    await openTokenCache(options({ content: 'progress', onProgress: (rows) => seen.push(rows) }))
    expect(seen).toEqual([10, 20, 30, KOREAN_ROWS.length])
  })
})
