import { initialize } from '@kic/nn'
import { expect, it } from 'vitest'
import { createRobertaConfig } from './config.ts'
import { maskedLmParameters } from './masked-lm-head.ts'
import { robertaParameters } from './parameters.ts'
import { resizeVocabulary } from './resize-vocabulary.ts'

const config = createRobertaConfig({
  vocab_size: 6,
  hidden_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 8,
})
const params = initialize([...robertaParameters(config), ...maskedLmParameters(config)], 1)
const TABLE = 'roberta.embeddings.word_embeddings.weight'
const row = (model: { params: typeof params }, index: number, name = TABLE, width = 4): number[] =>
  [...(model.params[name]?.data ?? [])].slice(index * width, (index + 1) * width)

it('keeps existing rows, draws new ones, and leaves everything else unchanged', () => {
  const grown = resizeVocabulary({ config, params }, 200, { seed: 7 })
  expect(grown.config.vocab_size).toBe(200)
  expect(grown.params[TABLE]?.shape).toEqual([200, 4])
  for (const index of [0, 5]) expect(row(grown, index)).toEqual(row({ params }, index))
  const drawn = [...(grown.params[TABLE]?.data ?? [])].slice(6 * 4)
  const deviation = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length)
  expect(deviation).toBeGreaterThan(0.018)
  expect(deviation).toBeLessThan(0.022)
  expect(grown.params['lm_head.bias']?.shape).toEqual([200])
  expect(grown.params['lm_head.dense.weight']).toBe(params['lm_head.dense.weight'])
  expect(resizeVocabulary({ config, params }, 200, { seed: 7 })).toEqual(grown)

  const shrunk = resizeVocabulary(grown, 3)
  expect(shrunk.params[TABLE]?.shape).toEqual([3, 4])
  expect(row(shrunk, 2)).toEqual(row({ params }, 2))
})

it('moves tokens to other numbers', () => {
  const bias = params['lm_head.bias']
  bias?.data.set([10, 11, 12, 13, 14, 15])
  const moved = resizeVocabulary({ config, params }, 4, { rows: [5, 1, undefined, 0] })
  expect(row(moved, 0)).toEqual(row({ params }, 5))
  expect(row(moved, 3)).toEqual(row({ params }, 0))
  expect(row(moved, 2)).not.toEqual(row({ params }, 2))
  expect([...(moved.params['lm_head.bias']?.data ?? [])]).toEqual([15, 11, 0, 10])
})

it('refuses rows and sizes that do not match', () => {
  const refuses = (code: string, size: number, rows?: (number | undefined)[]) =>
    expect(() => resizeVocabulary({ config, params }, size, rows ? { rows } : {})).toThrowError(
      expect.objectContaining({ code }),
    )
  refuses('roberta/vocabulary-rows', 3, [0, 1])
  refuses('roberta/vocabulary-rows', 2, [0, 6])
  refuses('roberta/vocabulary-rows', 2, [0, -1])
  refuses('roberta/config', 1)
  const other = { config: { ...config, vocab_size: 9 }, params }
  expect(() => resizeVocabulary(other, 3)).toThrowError(
    expect.objectContaining({ code: 'roberta/vocabulary-size' }),
  )
})
