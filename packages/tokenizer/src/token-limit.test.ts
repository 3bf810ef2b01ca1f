import { expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer.ts'
import { tokenLimit } from './token-limit.ts'

const vocabulary = ['[PAD]', '[CLS]', '[SEP]', '[UNK]', '[MASK]', '쌀']

it.each([
  [undefined, 512],
  [40, 40],
  [1000, 512],
  // The value that transformers writes for no limit.
  [1e30, 512],
  ['40', 512],
  [0, 512],
])('model_max_length %j of a model with 512 positions gives rows of %i', (model_max_length, limit) => {
  const tokenizerConfig = {
    do_lower_case: false,
    ...(model_max_length === undefined ? {} : { model_max_length }),
  }
  expect(tokenLimit(createTokenizer({ vocabulary, tokenizerConfig }), 512)).toBe(limit)
})

it('also uses the truncation of tokenizer.json; without files, only positions', () => {
  const { files } = createTokenizer({ vocabulary, tokenizerConfig: { model_max_length: 64 } })
  if (files === null) throw new Error('no files')
  const truncation = { direction: 'Right', max_length: 32, strategy: 'LongestFirst', stride: 0 }
  const tokenizerJson = { ...files.tokenizerJson, truncation }
  expect(tokenLimit({ files: { ...files, tokenizerJson } }, 512)).toBe(32)
  expect(tokenLimit({ files: null }, 512)).toBe(512)
})
