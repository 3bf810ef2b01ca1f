import { expect, it } from 'vitest'
import { namedClassWeights } from './named-class-weights.ts'

it('are in class order, and 1 by default', () => {
  expect([...namedClassWeights({ b: 2, a: 0.5 }, ['a', 'b', 'c'])]).toEqual([0.5, 2, 1])
})

it('are 1 for classes with the names of properties of every object', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'b']
  expect([...namedClassWeights({ b: 2 }, names)]).toEqual([1, 1, 1, 1, 2])
  expect([...namedClassWeights(JSON.parse('{"__proto__":3,"constructor":4}'), names)]).toEqual([
    3, 4, 1, 1, 1,
  ])
})

it.each([
  [{ d: 1 }, "received 'd'. The classes are a, b, c."],
  [{ a: 0, b: 0, c: 0 }, 'received 0 for all 3'],
])('refuse %j', (weights, message) => {
  expect(() => namedClassWeights(weights, ['a', 'b', 'c'])).toThrowError(
    expect.objectContaining({ code: 'classifier/class-weights', message: expect.stringContaining(message) }),
  )
})
