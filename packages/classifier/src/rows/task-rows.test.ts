import { createClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import { learnedLevel, taskRows } from './task-rows.ts'

const crops = createClassification('crops', [
  {
    name: 'kind',
    nodes: [
      { code: '1', name: 'grain' },
      { code: '01', name: 'fruit' },
    ],
  },
  {
    name: 'crop',
    nodes: [
      { code: '11', parent: '1', name: 'wheat' },
      { code: '011', parent: '01', name: 'apple' },
    ],
  },
])
const learned = { classification: crops, level: 'crop' }
const refusal = (row: object) => ({
  code: 'classifier/rows',
  message: expect.stringMatching(
    new RegExp(`^trainClassifier: every row must have .*, received .* in row ${'id' in row ? row.id : 2}\\.`),
  ),
})

it('gives every row all levels above its label, and keeps finer ones', () => {
  const [plain, own, coarse] = [
    taskRows([{ text: 'a', label: '011' }], learned),
    taskRows([{ text: 'a', labels: { crop: '011' } }], learned),
    taskRows([{ text: 'a', labels: { kind: '1', crop: '11' } }], { ...learned, level: 'kind' }),
  ]
  expect(plain[0]?.labels).toEqual({ kind: '01', crop: '011' })
  expect(own).toEqual(plain)
  expect(coarse[0]?.labels).toEqual({ kind: '1', crop: '11' })
})

it('keeps labels that JavaScript has names for, and those that look like the same number', () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    '1',
    '01',
    '1.0',
    ' ',
    'a\r\nb',
    '\u{1f600}',
    'é',
    'e\u0301',
  ]
  const rows = names.map((label) => ({ text: label, label }))
  const found = learnedLevel(rows, undefined, undefined)
  expect(found.classification.levels[0]?.nodes.map(({ code }) => code)).toEqual([...names].sort())
  expect(taskRows(rows, found).map(({ labels }) => labels.label)).toEqual(names)
})

it.each([
  [{ text: 'a', labels: { kind: '1', crop: '011' } }],
  [{ text: 'a', labels: { kind: 'nonsense', crop: '011' }, id: 'b.csv:7' }],
  [{ text: 'a', labels: { kind: '01' } }],
  [{ text: 'a', labels: { crop: 11 } }],
  [{ text: 'a', labels: null }],
  [{ text: 'a', labels: 'crop' }],
  [{ text: 'a', label: '11 ' }],
  [{ text: 'a', label: 11 }],
  [{ text: 'a', label: '' }],
  [{ text: 'a' }],
  [{ label: '11' }],
  [{ text: 5, label: '11' }],
  [{ text: 'a', label: '11', weight: -1 }],
  [{ text: 'a', label: '11', weight: Number.NaN }],
  [{ text: 'a', label: '11', weight: Number.POSITIVE_INFINITY }],
])('refuses %j', (row) => {
  const rows = JSON.parse(JSON.stringify([{ text: 'fine', label: '11' }, row]))
  if ('weight' in row) rows[1].weight = row.weight
  expect(() => taskRows(rows, learned)).toThrowError(expect.objectContaining(refusal(row)))
})

it.each([[null], ['text'], [7], [undefined]])('refuses %j in place of a row', (row) => {
  const rows = [{ text: 'fine', label: '11' }, row]
  for (const read of [
    () => taskRows(Object(rows), learned),
    () => learnedLevel(Object(rows), undefined, undefined),
  ])
    expect(read).toThrowError(expect.objectContaining(refusal({})))
})

it('shows the number that is no weight', () => {
  expect(() => taskRows([{ text: 'a', label: '11', weight: Number.NaN }], learned)).toThrowError(
    'a weight of at least 0, received NaN in row 1',
  )
})

it('takes a row whose labels are undefined by its label', () => {
  const row = { text: 'a', label: '11', labels: undefined }
  expect(taskRows(Object([row]), learned)[0]?.labels).toEqual({ kind: '1', crop: '11' })
})
