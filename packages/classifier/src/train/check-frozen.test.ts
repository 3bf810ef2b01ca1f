import { expect, it } from 'vitest'
import { checkFrozen } from './check-frozen.ts'

const names = ['roberta.embeddings.weight', 'roberta.encoder.layer.0.weight', 'classifier.weight']

it.each([[[]], [['embeddings']], [['/layer\\.[01]\\./', 'embeddings']]])('takes %j', (frozen) => {
  expect(() => checkFrozen(frozen, names)).not.toThrow()
})

it.each([
  [['embeddings', 'layers.0'], "received 'layers.0', which no parameter has"],
  [['.*'], "received '.*', which no parameter has"],
  [['/^embeddings/'], "received '/^embeddings/', which no parameter has"],
  [['/./'], 'which freezes all 3'],
  [['roberta', 'classifier'], 'which freezes all 3'],
])('refuses %j', (frozen, message) => {
  expect(() => checkFrozen(frozen, names)).toThrowError(
    expect.objectContaining({ code: 'classifier/frozen', message: expect.stringContaining(message) }),
  )
})
