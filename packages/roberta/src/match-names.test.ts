import { expect, it } from 'vitest'
import { matchNames } from './match-names.ts'

const ENCODER = [
  'embeddings.word_embeddings.weight',
  'embeddings.position_embeddings.weight',
  'encoder.layer.0.x.weight',
]
const HEAD = ['classifier.dense.weight']
const prefixed = (prefix: string, names = ENCODER): string[] => names.map((name) => prefix + name)
const MODEL = [...prefixed('roberta.'), ...HEAD]

it.each([
  ['the same', prefixed('roberta.'), HEAD, []],
  ['no prefix', ENCODER, HEAD, ['… → roberta.…']],
  ["BERT's prefix", prefixed('bert.'), HEAD, ['bert.… → roberta.…']],
  [
    'a wrapped model',
    prefixed('module.roberta.'),
    prefixed('module.', HEAD),
    ['module.roberta.… → roberta.…'],
  ],
])('finds an encoder with %s', (_, encoder, head, renamings) => {
  const match = matchNames([...encoder, ...head, 'roberta.embeddings.position_ids'], MODEL)
  expect([...match.found]).toEqual(MODEL.map((name, i) => [name, [...encoder, ...head][i]]))
  expect(match).toMatchObject({ unused: [], buffers: ['roberta.embeddings.position_ids'], renamings })
})

it('removes the prefix for a model without one, also from heads', () => {
  const { found, unused } = matchNames([...prefixed('roberta.'), 'lm_head.bias'], ENCODER)
  expect([...found.values()]).toEqual(prefixed('roberta.'))
  expect(unused).toEqual(['lm_head.bias'])
})

it('maps gamma and beta, and prefers tensors with the current name', () => {
  const names = ['LayerNorm.gamma', 'LayerNorm.beta', 'norm.weight', 'norm.gamma']
  const { found, unused, renamings } = matchNames(names, [
    'LayerNorm.weight',
    'LayerNorm.bias',
    'norm.weight',
  ])
  expect([...found.values()]).toEqual(['LayerNorm.gamma', 'LayerNorm.beta', 'norm.weight'])
  expect(unused).toEqual(['norm.gamma'])
  expect(renamings).toEqual(['gamma, beta → weight, bias'])
})

it('finds a tied tensor under either name', () => {
  const [table = '', ...rest] = prefixed('roberta.')
  const wanted = [table, ...rest, 'lm_head.bias']
  const tied = matchNames([...rest, 'lm_head.decoder.weight', 'lm_head.decoder.bias'], wanted)
  expect(tied.found.get(table)).toBe('lm_head.decoder.weight')
  expect(tied.found.get('lm_head.bias')).toBe('lm_head.decoder.bias')
  expect(tied.unused).toEqual([])
  const both = matchNames([...wanted, 'lm_head.decoder.weight'], wanted)
  expect(both.found.get(table)).toBe(table)
  expect(both.unused).toEqual(['lm_head.decoder.weight'])
})

it('does not choose between several encoders', () => {
  const two = [...prefixed('model.previous.'), ...prefixed('model.present.')]
  expect(() => matchNames(two, MODEL)).toThrowError(
    expect.objectContaining({
      code: 'roberta/ambiguous-encoder',
      message: expect.stringContaining("'model.previous.', 'model.present.'"),
    }),
  )
  expect(matchNames([...two, ...MODEL], MODEL).found.size).toBe(MODEL.length)
  expect(matchNames(two, two).found.size).toBe(two.length)
})
