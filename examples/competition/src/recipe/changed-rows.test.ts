import type { Row } from '@kic/data'
import { expect, it } from 'vitest'
import { changedRows } from './changed-rows.ts'

const rows: readonly Row[] = ['카센터에서 타이어 교환', '논에서 벼 재배', '분식점에서 떡볶이 판매'].map(
  (text, i) => {
    const [object = '', method = '', deal = ''] = text.split(' ')
    return { id: `${i}`, line: i + 1, text, fields: { object, method, deal }, labels: { group: `${i}` } }
  },
)
const letters = (list: readonly Row[]): string[] => list.map(({ text }) => text.replaceAll(' ', ''))

it('removes every space of the test rows, those between fields too, or draws others from the seed', () => {
  const { joined, spaced } = changedRows({ test: rows }, 1)
  expect(joined.map(({ text }) => text)).toEqual(letters(rows))
  expect(letters(spaced)).toEqual(letters(rows))
  expect(spaced.map(({ text }) => text)).not.toEqual(rows.map(({ text }) => text))
  expect(spaced.some(({ text }) => text.includes(' '))).toBe(true)
  for (const part of [joined, spaced])
    expect(part.map(({ id, labels }) => ({ id, labels }))).toEqual(
      rows.map(({ id, labels }) => ({ id, labels })),
    )
  expect(changedRows({ test: rows }, 1)).toEqual({ joined, spaced })
  expect(changedRows({ test: rows }, 2).spaced).not.toEqual(spaced)
})
