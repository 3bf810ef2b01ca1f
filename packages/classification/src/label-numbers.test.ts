import { expect, it } from 'vitest'
import { createClassification } from './classification.ts'
import { labelNumbers, labelsOfNumbers } from './label-numbers.ts'

const classification = createClassification('two levels', [
  {
    name: 'area',
    nodes: [
      { code: 'A', name: 'a' },
      { code: 'B', name: 'b' },
    ],
  },
  {
    name: 'topic',
    nodes: [
      { code: 'x', name: 'x', parent: 'B' },
      { code: 'y', name: 'y', parent: 'A' },
      { code: 'z', name: 'z', parent: 'B' },
    ],
  },
])

it('numbers labels as the classification lists its codes, and gives them back', () => {
  const rows = [
    { labels: { area: 'B', topic: 'z' } },
    { labels: { area: 'A' } },
    {},
    { labels: { topic: '?' } },
  ]
  expect(labelNumbers(classification, 'area', rows)).toEqual(Int32Array.of(1, 0, -1, -1))
  expect(labelNumbers(classification, 'topic', rows)).toEqual(Int32Array.of(2, -1, -1, -1))
  expect(labelsOfNumbers(classification, { area: [1, 0], topic: [2, -1] }, 2)).toEqual([
    { area: 'B', topic: 'z' },
    { area: 'A', topic: '' },
  ])
})
