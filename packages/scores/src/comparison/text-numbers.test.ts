import { expect, it } from 'vitest'
import { textNumbers } from './text-numbers.ts'

it('numbers texts in their order, equal ones alike', () => {
  const rows = ['쌀', '보리', '쌀', '', '보리'].map((text) => ({ text }))
  expect(Array.from(textNumbers(rows))).toEqual([0, 1, 0, 2, 1])
})
