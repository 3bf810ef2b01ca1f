import { expect, it } from 'vitest'
import { createHierarchy } from './hierarchy.ts'
import { ancestorNumbers, labelNumbers, labelsOfNumbers } from './label-numbers.ts'

const hierarchy = createHierarchy('two levels', [
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

it('numbers labels as the hierarchy lists its codes, and gives them back', () => {
  const rows = [
    { labels: { area: 'B', topic: 'z' } },
    { labels: { area: 'A' } },
    {},
    { labels: { topic: '?' } },
  ]
  expect(labelNumbers(hierarchy, 'area', rows)).toEqual(Int32Array.of(1, 0, -1, -1))
  expect(labelNumbers(hierarchy, 'topic', rows)).toEqual(Int32Array.of(2, -1, -1, -1))
  expect(labelsOfNumbers(hierarchy, { area: [1, 0], topic: [2, -1] }, 2)).toEqual([
    { area: 'B', topic: 'z' },
    { area: 'A', topic: '' },
  ])
})

it('knows the ancestor of each class of the finest level', () => {
  expect(ancestorNumbers(hierarchy, 'area')).toEqual(Int32Array.of(1, 0, 1))
  expect(ancestorNumbers(hierarchy, 'topic')).toEqual(Int32Array.of(0, 1, 2))
})
