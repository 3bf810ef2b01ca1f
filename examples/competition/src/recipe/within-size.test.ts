import { expect, it } from 'vitest'
import { leavingForSize } from './within-size.ts'

const member = (name: string, weight: number) => ({ name, level: 'group', weight })
const bytes: Readonly<Record<string, number>> = { small: 10, large: 40, other: 20 }
const levels = ['division', 'group'].map((name) => ({ name, labels: ['a', 'b'] }))
const within = (most: number, weights: readonly [number, number, number], stacked = false) =>
  leavingForSize(
    stacked
      ? {
          levels,
          members: Object.keys(bytes).map((name) => ({ name, level: 'group' })),
          stacks: [{ level: 'group', weights: [...weights] }],
        }
      : { levels, members: Object.keys(bytes).map((name, k) => member(name, weights[k] ?? 0)) },
    { bytesOf: (name) => bytes[name] ?? Number.NaN, most },
  )

it('lets the members with the least say for each byte leave, until the others fit', () => {
  expect(within(70, [1, 1, 1])).toEqual({ left: [], bytes: 70 })
  expect(within(69, [1, 1, 1])).toEqual({ left: ['large'], bytes: 30 })
  expect(within(69, [1, 8, 1])).toEqual({ left: ['other'], bytes: 50 })
  expect(within(35, [1, 8, 1])).toEqual({ left: ['other', 'small'], bytes: 40 })
})

it('reads the say of a stack from the size of its weights, and keeps one member at least', () => {
  expect(within(45, [-0.5, 0.4, 1], true)).toEqual({ left: ['large'], bytes: 30 })
  expect(within(1, [1, 9, 1], true)).toEqual({ left: ['other', 'small'], bytes: 40 })
})

it('keeps a member that names the finest classes, whatever a coarser one is worth', () => {
  const members = [member('small', 1), { ...member('other', 90), level: 'division' }]
  const limit = { bytesOf: (name: string) => bytes[name] ?? Number.NaN, most: 15 }
  expect(leavingForSize({ levels, members }, limit)).toEqual({ left: ['other'], bytes: 10 })
})
