import { readFile } from 'node:fs/promises'
import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRobertaConfig, maxTokens, parseRobertaConfig } from './config.ts'

// As klue/roberta-base ships it.
const klue = {
  architectures: ['RobertaForMaskedLM'],
  attention_probs_dropout_prob: 0.1,
  bos_token_id: 0,
  eos_token_id: 2,
  gradient_checkpointing: false,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  hidden_size: 768,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 514,
  model_type: 'roberta',
  num_attention_heads: 12,
  num_hidden_layers: 12,
  pad_token_id: 1,
  type_vocab_size: 1,
  use_cache: true,
  vocab_size: 32000,
  tokenizer_class: 'BertTokenizer',
}

describe('parseRobertaConfig', () => {
  it('keeps unknown keys and completes the rest like transformers', () => {
    const config = parseRobertaConfig(klue)
    expect(config).toMatchObject(klue)
    expect(config.id2label).toEqual({ 0: 'LABEL_0', 1: 'LABEL_1' })
    expect(config.label2id).toEqual({ LABEL_0: 0, LABEL_1: 1 })
    expect(config.classifier_dropout).toBeNull()
    expect(maxTokens(config)).toBe(512)
  })

  it('leaves a config saved by transformers unchanged', async () => {
    const path = new URL('./__fixtures__/02-sequence-classification/config.json', import.meta.url)
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(parseRobertaConfig(json)).toEqual(json)
  })

  it('has the defaults of transformers for missing keys', () => {
    expect(parseRobertaConfig({ model_type: 'roberta' })).toMatchObject({
      vocab_size: 30522,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      layer_norm_eps: 1e-12,
      pad_token_id: 1,
    })
  })

  it('refuses another model type and reports it', () => {
    expect(() => parseRobertaConfig({ ...klue, model_type: 'bert' })).toThrowError(
      expect.objectContaining({ code: 'roberta/model-type', message: expect.stringContaining('"bert"') }),
    )
    expect(() => parseRobertaConfig({ vocab_size: 10 })).toThrowError(
      expect.objectContaining({ code: 'roberta/model-type', message: expect.stringContaining('missing') }),
    )
  })

  it.each([
    ['hidden_act', 'relu'],
    ['position_embedding_type', 'relative_key'],
    ['is_decoder', true],
    ['hidden_size', 770],
    ['hidden_size', '768'],
    ['num_hidden_layers', -1],
    ['hidden_dropout_prob', 1],
    ['layer_norm_eps', 0],
    ['pad_token_id', 32000],
    ['max_position_embeddings', 2],
    ['num_labels', 0],
    ['id2label', ['a', 'b']],
    ['id2label', { 0: 'a', 2: 'c' }],
    ['id2label', { '01': 'a' }],
    ['label2id', { a: 2 }],
    ['label2id', { a: 0.5 }],
    ['hidden_size', 1e9],
    ['hidden_size', Number.NaN],
    ['num_hidden_layers', 1e6],
    ['num_attention_heads', 2 ** 40],
    ['intermediate_size', 1e12],
    ['vocab_size', 2 ** 31],
    ['max_position_embeddings', 1e9],
    ['type_vocab_size', 1e9],
    ['layer_norm_eps', Number.NaN],
    ['initializer_range', Number.POSITIVE_INFINITY],
    ['num_labels', 1e9],
    ['num_labels', Number.NaN],
    ['id2label', { 0: 'a', 1: 'a' }],
    ['id2label', { 0: 'a', 1e9: 'b' }],
    ['id2label', { 0: { toString: 1, valueOf: 1 } }],
    ['id2label', Object.fromEntries(Array.from({ length: 100_001 }, (_, id) => [id, `${id}`]))],
    ['architectures', [1]],
    ['kic', { names: { a: 1 } }],
  ])('refuses %s = %j', (key, value) => {
    expect(() => parseRobertaConfig({ ...klue, [key]: value })).toThrowError(
      expect.objectContaining({ code: 'roberta/config', message: expect.stringContaining(key) }),
    )
  })

  it('refuses a key that would become a prototype, and shortens long values', () => {
    const hostile: unknown = JSON.parse('{"model_type":"roberta","__proto__":{"hidden_size":4}}')
    expect(() => parseRobertaConfig(hostile)).toThrowError(
      expect.objectContaining({ code: 'roberta/config' }),
    )
    try {
      parseRobertaConfig({ ...klue, hidden_act: 'x'.repeat(1e6) })
      expect.unreachable()
    } catch (error) {
      expect(String(error).length).toBeLessThan(1000)
    }
  })

  it('returns a config or throws a KicError for any JSON', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1, 2, 768, 1e9, Number.NaN))
    const value = fc.oneof(number, fc.jsonValue(), fc.dictionary(fc.nat(3).map(String), fc.string()))
    const keys = Object.fromEntries(
      [...Object.keys(klue), 'id2label', 'label2id', 'num_labels', 'kic', 'classifier_dropout'].map((key) => [
        key,
        value,
      ]),
    )
    fc.assert(
      fc.property(fc.record(keys, { requiredKeys: [] }), (changed) => {
        try {
          const config = parseRobertaConfig({ ...changed, model_type: 'roberta' })
          expect(parseRobertaConfig(JSON.parse(JSON.stringify(config)))).toEqual(
            JSON.parse(JSON.stringify(config)),
          )
          expect(config.hidden_size % config.num_attention_heads).toBe(0)
        } catch (error) {
          if (!isKicError(error)) throw error
          expect(error.code).toBe('roberta/config')
        }
      }),
      { numRuns: 500 },
    )
  })

  it('refuses values other than objects', () => {
    expect(() => parseRobertaConfig([klue])).toThrowError(expect.objectContaining({ code: 'roberta/config' }))
  })
})

describe('createRobertaConfig', () => {
  it('names the classes by their number, and stores the number once', () => {
    const config = createRobertaConfig({ num_labels: 3, vocab_size: 50 })
    expect(config.id2label).toEqual({ 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' })
    expect(config).not.toHaveProperty('num_labels')
    expect(createRobertaConfig({ id2label: { 0: '농업', 1: '어업' } }).label2id).toEqual({ 농업: 0, 어업: 1 })
    expect(() => createRobertaConfig({ num_labels: 3, id2label: { 0: 'a' } })).toThrowError(/num_labels is 3/)
  })

  it('refuses the label numbers of another task', () => {
    const before = createRobertaConfig({ num_labels: 2 })
    const id2label = { 0: 'A', 1: 'B', 2: 'C' }
    expect(() => createRobertaConfig({ ...before, id2label })).toThrowError(/label2id maps "LABEL_0" to 0/)
    expect(createRobertaConfig({ ...before, id2label, label2id: undefined }).label2id).toEqual({
      A: 0,
      B: 1,
      C: 2,
    })
  })
})
