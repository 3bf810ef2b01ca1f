import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readNetworkFolder } from '../model/network-folder.ts'
import { createTokenizerCache } from '../model/tokenizer-cache.ts'
import { filesIn } from '../node.ts'
import { createSharedTokens } from './shared-tokens.ts'
import { tokenizeTexts } from './tokenize-texts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-shared-'))
  for (const name of ['a', 'b', 'short', 'other']) await saveTinyModel(join(folder, name), KSIC_NOTES)
  await writeFile(
    join(folder, 'short', 'config.json'),
    JSON.stringify({ id2label: { 0: '011' }, max_position_embeddings: 12, model_type: 'bert' }),
  )
  // Other bytes.
  const path = join(folder, 'other', 'tokenizer_config.json')
  await writeFile(path, `${await readFile(path, 'utf8')}\n\n`)
})
afterAll(() => rm(folder, { recursive: true }))

it('tokenizes a window once for networks that read alike, and apart for others', async () => {
  const tokenizers = createTokenizerCache()
  const [a, b, short, other] = await Promise.all(
    ['a', 'b', 'short', 'other'].map((name) =>
      readNetworkFolder(filesIn(join(folder, name)), { tokenizers }),
    ),
  )
  if (a === undefined || b === undefined || short === undefined || other === undefined)
    throw new Error('four are read')
  expect(b.tokenizer).toBe(a.tokenizer)
  expect(short.tokenizer).toBe(a.tokenizer)
  expect(other.tokenizer).not.toBe(a.tokenizer)
  const encodeRows = vi.spyOn(a.tokenizer, 'encodeRows')
  const tokens = createSharedTokens()
  const window = ['쌀', '자동차 부품 도매', '???', '자동차 '.repeat(20)]
  const [fromA, fromB] = [a, b].map((network) => tokens.tokenizing(network)(window))
  expect(fromB).toBe(fromA)
  expect(encodeRows).toHaveBeenCalledTimes(1)
  // Another window, another longest row, and other tokenizers.
  expect(tokens.tokenizing(a)([...window])).not.toBe(fromA)
  for (const network of [a, short, other])
    expect(tokens.tokenizing(network)(window)).toEqual(tokenizeTexts(network, window))
  expect(tokens.tokenizing(short)(window)).not.toEqual(fromA)
})
