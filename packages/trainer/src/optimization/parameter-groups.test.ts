import { expect, it } from 'vitest'
import { allExcept, combineSettings, layerWiseRates, ngramTables, noDecay } from './parameter-groups.ts'

it('exempts the same parameters from decay as transformers in RoBERTa, and in other heads', () => {
  const decayed = [
    'roberta.embeddings.word_embeddings.weight',
    'roberta.encoder.layer.0.attention.self.query.weight',
    'classifier.out_proj.weight',
    'lstm.weight_ih_l0',
    'normaliser.weight',
  ]
  const exempt = [
    'roberta.embeddings.LayerNorm.weight',
    'roberta.encoder.layer.11.output.LayerNorm.bias',
    'roberta.encoder.layer.0.attention.self.query.bias',
    'lm_head.bias',
    'lm_head.layer_norm.weight',
    'lstm.bias_hh_l0_reverse',
    'norm.weight',
  ]
  for (const name of decayed) expect(noDecay()(name)).toEqual({})
  for (const name of exempt) expect(noDecay()(name)).toEqual({ weightDecay: 0 })
})

it('scales learning rates from the head to the embeddings', () => {
  const rate = (name: string) => layerWiseRates({ layers: 12, decay: 0.5 })(name)?.learningRateScale
  expect(rate('classifier.dense.weight')).toBe(1)
  expect(rate('roberta.encoder.layer.11.output.dense.weight')).toBe(0.5)
  expect(rate('roberta.encoder.layer.0.output.dense.weight')).toBe(0.5 ** 12)
  expect(rate('roberta.embeddings.word_embeddings.weight')).toBe(0.5 ** 13)
})

it('updates tables of n-grams row by row', () => {
  const both = combineSettings(noDecay(), ngramTables(4))
  expect(both('roberta.embeddings.ngram_embeddings.weight')).toEqual({
    rows: 'touched',
    weightDecay: 0,
    learningRateScale: 4,
  })
  expect(both('roberta.embeddings.word_embeddings.weight')).toEqual({})
})

it('combines settings, and freezes parameters by substring or pattern', () => {
  const both = combineSettings(noDecay(), layerWiseRates({ layers: 2, decay: 0.1 }))
  expect(both('encoder.layer.1.LayerNorm.weight')).toEqual({ weightDecay: 0, learningRateScale: 0.1 })
  const trainable = allExcept('embeddings', /layer\.[01]\./g)
  const names = ['embeddings.weight', 'layer.0.w', 'layer.1.w', 'layer.2.w', 'layer.0.w']
  expect(names.map(trainable)).toEqual([false, false, false, true, false])
})
