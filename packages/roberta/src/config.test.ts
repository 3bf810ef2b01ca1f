import { readFile } from 'node:fs/promises'
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
  it('keeps what it does not know and completes the rest as transformers does', () => {
    const config = parseRobertaConfig(klue)
    expect(config).toMatchObject(klue)
    expect(config.id2label).toEqual({ 0: 'LABEL_0', 1: 'LABEL_1' })
    expect(config.label2id).toEqual({ LABEL_0: 0, LABEL_1: 1 })
    expect(config.classifier_dropout).toBeNull()
    expect(maxTokens(config)).toBe(512)
  })

  it('changes nothing in a config that transformers saved', async () => {
    const path = new URL('./__fixtures__/02-sequence-classification/config.json', import.meta.url)
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(parseRobertaConfig(json)).toEqual(json)
  })

  it('has transformers own defaults for missing keys', () => {
    expect(parseRobertaConfig({ model_type: 'roberta' })).toMatchObject({
      vocab_size: 30522,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      layer_norm_eps: 1e-12,
      pad_token_id: 1,
    })
  })

  it('refuses another model type, naming it', () => {
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
    ['num_hidden_layers', 0],
    ['hidden_dropout_prob', 1],
    ['layer_norm_eps', 0],
    ['pad_token_id', 32000],
    ['max_position_embeddings', 2],
    ['num_labels', 0],
    ['id2label', ['a', 'b']],
    ['id2label', { 0: 'a', 2: 'c' }],
    ['id2label', { '01': 'a' }],
    ['label2id', { a: 2 }],
  ])('refuses %s = %j', (key, value) => {
    expect(() => parseRobertaConfig({ ...klue, [key]: value })).toThrowError(
      expect.objectContaining({ code: 'roberta/config', message: expect.stringContaining(key) }),
    )
  })

  it('refuses what is no object', () => {
    expect(() => parseRobertaConfig([klue])).toThrowError(expect.objectContaining({ code: 'roberta/config' }))
  })
})

describe('createRobertaConfig', () => {
  it('names the classes by their number, and does not keep the number twice', () => {
    const config = createRobertaConfig({ num_labels: 3, vocab_size: 50 })
    expect(config.id2label).toEqual({ 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' })
    expect(config).not.toHaveProperty('num_labels')
    expect(createRobertaConfig({ id2label: { 0: '농업', 1: '어업' } }).label2id).toEqual({ 농업: 0, 어업: 1 })
    expect(() => createRobertaConfig({ num_labels: 3, id2label: { 0: 'a' } })).toThrowError(/num_labels is 3/)
  })
})
