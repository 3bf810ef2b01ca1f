import { createClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import { evaluatedLabels } from './evaluated-labels.ts'

const classification = createClassification('crops', [
  { name: 'kind', nodes: [{ code: '1', name: 'grain' }] },
  { name: 'crop', nodes: [{ code: '11', parent: '1', name: 'wheat' }] },
])
const model = { classification, levels: ['kind', 'crop'] }

it('knows the levels above a single label, and takes labels by level as they are', () => {
  const rows = [
    { text: 'a', label: '11' },
    { text: 'b', label: 'constructor' },
    { text: 'c', labels: { kind: '1' } },
    { text: 'd', labels: {} },
  ]
  expect(evaluatedLabels(rows, model)).toEqual([
    { kind: '1', crop: '11' },
    { crop: 'constructor' },
    { kind: '1' },
    {},
  ])
})

it.each([
  ['a row without a text', { label: '11' }, 'a text, received none in row 2'],
  ['a label that is a number', { text: 'a', label: 11 }, 'a label, received 11 in row 2'],
  ['labels of numbers', { text: 'a', labels: { crop: 11 }, id: 'x' }, 'received {"crop":11} in row x'],
  ['nothing', null, 'received null in row 2'],
])('refuses %s', (_, row, message) => {
  expect(() => evaluatedLabels(Object([{ text: 'a', label: '11' }, row]), model)).toThrowError(
    expect.objectContaining({ code: 'classifier/rows', message: expect.stringContaining(message) }),
  )
})

it.each([
  ['no rows', []],
  ['labels of other levels', [{ text: 'a', labels: { group: '011' } }]],
])('refuses %s, which would be judged as nothing', (_, rows) => {
  expect(() => evaluatedLabels(rows, model)).toThrowError(
    expect.objectContaining({
      code: 'classifier/rows',
      message: expect.stringContaining('a level of the model (kind, crop), received'),
    }),
  )
})
