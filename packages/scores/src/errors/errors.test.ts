import { codeIndex, createClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import { drillDowns } from './drill-downs.ts'
import type { JudgedAnswers } from './judged-answers.ts'
import { worstConfusions } from './worst-confusions.ts'

const classification = createClassification('three levels', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'farms' },
      { code: 'B', name: 'mines' },
    ],
  },
  {
    name: 'division',
    nodes: [
      { code: '01', name: 'crops', parent: 'A' },
      { code: '02', name: 'wood', parent: 'A' },
      { code: '05', name: 'coal', parent: 'B' },
    ],
  },
  {
    name: 'group',
    nodes: [
      { code: '011', name: 'rice', parent: '01' },
      { code: '012', name: 'fruit', parent: '01' },
      { code: '021', name: 'forest', parent: '02' },
      { code: '051', name: 'pits', parent: '05' },
    ],
  },
])

/** Rows as [actual group, predicted group, text]. */
const judge = (
  rows: readonly (readonly [string, string, string])[],
): JudgedAnswers & { readonly texts: readonly string[] } => {
  const numbers = (level: string, which: 0 | 1) =>
    Int32Array.from(rows, (row) =>
      codeIndex(classification, level, row[which].slice(0, level === 'group' ? 3 : 2)),
    )
  const sections = (which: 0 | 1) => Int32Array.from(rows, (row) => (row[which].startsWith('05') ? 1 : 0))
  return {
    classification,
    predicted: { section: sections(1), division: numbers('division', 1), group: numbers('group', 1) },
    actual: { section: sections(0), division: numbers('division', 0), group: numbers('group', 0) },
    texts: rows.map((row) => row[2]),
  }
}

const judged = judge([
  ['011', '011', 'rice field'],
  ['011', '012', 'rice and plums'],
  ['011', '012', '<script>alert(1)</script>'],
  ['012', '021', 'orchard'],
  ['051', '051', 'pit'],
])

it('counts confusions, worst pairs first, with the texts they happened on', () => {
  const pairs = worstConfusions(judged, judged.texts)
  expect(
    pairs.map(({ actual, predicted, count, support }) => [actual.code, predicted.code, count, support]),
  ).toEqual([
    ['011', '012', 2, 3],
    ['012', '021', 1, 1],
  ])
  expect(pairs[0]?.examples).toEqual(['rice and plums', '<script>alert(1)</script>'])
})

it('drills down from a section to its groups and leaves out what has no rows', () => {
  const [farms, mines] = drillDowns(judged)
  expect(farms).toMatchObject({ parent: { code: 'A' }, support: 4, right: 1 })
  expect(farms?.classes.map((row) => [row.class.code, row.right, row.support])).toEqual([
    ['012', 0, 1],
    ['011', 1, 3],
  ])
  expect(farms?.confusion.classes.map(({ code }) => code)).toEqual(['01', '02'])
  expect(Array.from(farms?.confusion.counts ?? [])).toEqual([3, 1, 0, 0])
  expect(mines).toMatchObject({ support: 1, right: 1 })
})

it('leaves out rows without a label or an answer', () => {
  const group = Int32Array.of(0, -1, 0)
  const some = { classification, predicted: { group: Int32Array.of(1, 1, -1) }, actual: { group } }
  expect(worstConfusions(some, ['a', 'b', 'c'])).toMatchObject([{ count: 1, support: 1, examples: ['a'] }])
  const none = { classification, predicted: { group }, actual: { group: Int32Array.of(-1, -1, -1) } }
  expect(worstConfusions(none, [])).toEqual([])
})
