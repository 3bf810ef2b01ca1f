import { expect, it } from 'vitest'
import { frozenParameters } from './frozen-parameters.ts'

const names = ['roberta.embeddings.weight', 'roberta.encoder.layer.0.weight', 'classifier.weight']
const parameters = names.map((name) => ({ name, shape: [1], init: { kind: 'constant', value: 0 } }) as const)

it.each([
  [[], []],
  [['embeddings'], [0]],
  [
    ['/layer\\.[01]\\./', 'embeddings'],
    [0, 1],
  ],
])('%j freezes %j', (frozen, which) => {
  expect(names.filter(frozenParameters(frozen, { parameters }))).toEqual(which.map((i) => names[i]))
})

it('counts what the model freezes itself', () => {
  const model = { parameters, frozen: (name: string) => name !== 'classifier.weight' }
  expect(names.filter(frozenParameters([], model))).toEqual(names.slice(0, 2))
  expect(() => frozenParameters(['classifier'], model)).toThrowError(
    expect.objectContaining({ code: 'classifier/frozen' }),
  )
})

it.each([
  [['embeddings', 'layers.0'], "received 'layers.0', which no parameter has"],
  [['.*'], "received '.*', which no parameter has"],
  [['/^embeddings/'], "received '/^embeddings/', which no parameter has"],
  [['/./'], 'which leaves none of 3'],
  [['roberta', 'classifier'], 'which leaves none of 3'],
])('refuses %j', (frozen, message) => {
  expect(() => frozenParameters(frozen, { parameters })).toThrowError(
    expect.objectContaining({ code: 'classifier/frozen', message: expect.stringContaining(message) }),
  )
})
