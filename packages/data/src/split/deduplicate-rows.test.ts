import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deduplicateRows } from './deduplicate-rows.ts'
import { textKey } from './text-key.ts'

const row = (id: string, text: string, group?: string) =>
  group === undefined ? { id, text } : { id, text, labels: { section: 'S', group } }
const rows = [
  row('1', '카 센터', '952'),
  row('2', '카센터', '952'),
  row('3', '커피숍', '562'),
  row('4', '카센터 ', '451'),
  row('5', 'ＰＣ방', '912'),
  row('6', 'pc방', '911'),
  row('7', 'pc방'),
]
const idsOf = (list: readonly { id: string }[]): string => list.map(({ id }) => id).join(' ')

it.each([
  ['keep', '1 3 4 5 6 7', 0],
  ['majority', '1 3 7', 3],
  ['drop', '3', 5],
] as const)('conflicts: %s', (conflicts, ids, dropped) => {
  const result = deduplicateRows(rows, { conflicts })
  expect(idsOf(result.rows)).toBe(ids)
  expect(result).toMatchObject({ duplicates: 1, dropped })
  expect(result.conflicts).toEqual([
    {
      text: '카 센터',
      labels: [
        { code: '952', ids: ['1', '2'] },
        { code: '451', ids: ['4'] },
      ],
    },
    {
      text: 'ＰＣ방',
      labels: [
        { code: '', ids: ['7'] },
        { code: '911', ids: ['6'] },
        { code: '912', ids: ['5'] },
      ],
    },
  ])
})

it('compares another level when told so', () => {
  const { rows: kept, conflicts } = deduplicateRows(rows.slice(0, 6), { conflicts: 'drop', level: 'section' })
  expect([idsOf(kept), conflicts]).toEqual(['1 3 5', []])
})

it('accounts for every row, and leaves each text and label once', () => {
  const text = fc.constantFrom('가', '가 ', '나', 'A', 'a', 'b')
  const any = fc.record({ text, group: fc.constantFrom('1', '2', '3') })
  fc.assert(
    fc.property(
      fc.array(any),
      fc.constantFrom('keep' as const, 'majority' as const, 'drop' as const),
      (list, conflicts) => {
        const given = list.map(({ text: t, group }, i) => row(`${i}`, t, group))
        const result = deduplicateRows(given, { conflicts })
        expect(result.rows.length + result.duplicates + result.dropped).toBe(given.length)
        const keys = result.rows.map(
          ({ text: t, labels }) => textKey(t) + (conflicts === 'keep' ? labels?.group : ''),
        )
        expect(new Set(keys).size).toBe(keys.length)
      },
    ),
  )
})
