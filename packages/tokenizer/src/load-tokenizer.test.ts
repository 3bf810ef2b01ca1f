import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { bertJson, rustTokenizer, SPECIAL } from './__fixtures__/rust-tokenizer.ts'
import { loadTokenizer } from './load-tokenizer.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-load-'))
})
afterEach(() => rm(folder, { recursive: true }))

const pieces = [...new Set([...KOREAN_ROWS.join('')])]
  .filter((character) => character.trim() !== '')
  .flatMap((character) => [character, `##${character}`])

const write = async (files: Readonly<Record<string, unknown>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    const data =
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)
    await writeFile(join(folder, name), data)
  }
}

/** As in klue/roberta-base. */
const KLUE_CONFIG = {
  do_lower_case: false,
  do_basic_tokenize: true,
  never_split: null,
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
  bos_token: '[CLS]',
  eos_token: '[SEP]',
  tokenize_chinese_chars: true,
  strip_accents: null,
  tokenizer_class: 'BertTokenizer',
}

describe('loadTokenizer', () => {
  const expectRustIds = async (): Promise<void> => {
    const rust = rustTokenizer(bertJson(pieces))
    const tokenizer = await loadTokenizer(folder)
    for (const row of KOREAN_ROWS) {
      expect([...tokenizer.encode(row, '제조')]).toEqual((await rust.encode(row, '제조')).getIds())
    }
    expect(tokenizer.specialTokens.pad.id).toBe(1)
  }

  it('reads klue’s vocab.txt with its configuration', async () => {
    await write({
      'vocab.txt': `${[...SPECIAL, ...pieces].join('\n')}\n`,
      'tokenizer_config.json': KLUE_CONFIG,
    })
    await expectRustIds()
  })

  it('reads a vocab.txt with a byte order mark and CRLF', async () => {
    await write({
      'vocab.txt': `\ufeff${[...SPECIAL, ...pieces].join('\r\n')}`,
      'tokenizer_config.json': KLUE_CONFIG,
    })
    await expectRustIds()
  })

  it('reads tokenizer.json, alone or before vocab.txt', async () => {
    await write({ 'tokenizer.json': bertJson(pieces), 'vocab.txt': 'other' })
    await expectRustIds()
    await write({ 'tokenizer_config.json': KLUE_CONFIG })
    await expectRustIds()
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, 'tokenizer/no-vocabulary'],
    ['a configuration alone', { 'tokenizer_config.json': KLUE_CONFIG }, 'tokenizer/no-vocabulary'],
    ['vocab.txt alone', { 'vocab.txt': SPECIAL.join('\n') }, 'tokenizer/missing-file'],
    ['broken JSON', { 'tokenizer.json': '{"model":' }, 'tokenizer/bad-json'],
    ['JSON of another kind', { 'tokenizer.json': '[1]' }, 'tokenizer/bad-json'],
    [
      'an empty vocab.txt',
      { 'vocab.txt': '', 'tokenizer_config.json': KLUE_CONFIG },
      'tokenizer/missing-special-token',
    ],
    [
      'a vocab.txt in cp949',
      { 'vocab.txt': Uint8Array.of(0xb0, 0xa1, 0x0a), 'tokenizer_config.json': KLUE_CONFIG },
      'tokenizer/unreadable-file',
    ],
    [
      'a repeated line',
      { 'vocab.txt': [...SPECIAL, 'a', 'a'].join('\n'), 'tokenizer_config.json': KLUE_CONFIG },
      'tokenizer/bad-vocabulary',
    ],
    [
      'tokens in a file that is not read',
      {
        'vocab.txt': SPECIAL.join('\n'),
        'tokenizer_config.json': KLUE_CONFIG,
        'added_tokens.json': '{"x":5}',
      },
      'tokenizer/unsupported-component',
    ],
  ])('refuses a folder with %s', async (_, files, code) => {
    await write(files)
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code })
  })

  it('reports a broken file, an empty folder, and a folder in place of a file', async () => {
    await expect(loadTokenizer(join(folder, 'none'))).rejects.toThrowError(join(folder, 'none'))
    await write({ 'tokenizer_config.json': '{' })
    await expect(loadTokenizer(folder)).rejects.toThrowError(join(folder, 'tokenizer_config.json'))
    await mkdir(join(folder, 'tokenizer.json'))
    await write({ 'tokenizer_config.json': '{}' })
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'tokenizer/unreadable-file' })
  })
})
