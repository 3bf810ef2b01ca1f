import { expect, it } from 'vitest'
import { createClassification } from './classification.ts'
import { createCorrespondence, translateLabels } from './correspondence.ts'
import { ksic10 } from './ksic/ksic10.ts'

const revised = createClassification('revised', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'a' },
      { code: 'Z', name: 'z' },
    ],
  },
  {
    name: 'division',
    nodes: [
      { code: '01', name: 'b', parent: 'A' },
      { code: '99', name: 'c', parent: 'Z' },
    ],
  },
  {
    name: 'group',
    nodes: [
      { code: '011', name: 'd', parent: '01' },
      { code: '019', name: 'e', parent: '01' },
      { code: '991', name: 'f', parent: '99' },
    ],
  },
])
const pairs = [
  ['011', '011'],
  ['011', '019'],
  ['012', '991'],
  ['012', '991'],
] as const

it('gives one label with all its levels, several to choose from, or none', () => {
  const table = createCorrespondence(ksic10, revised, 'group', pairs)
  expect(translateLabels(table, { group: '012' })).toEqual({
    kind: 'one',
    labels: { section: 'Z', division: '99', group: '991' },
  })
  expect(translateLabels(table, { group: '011' })).toMatchObject({
    kind: 'several',
    candidates: [{ group: '011' }, { group: '019' }],
  })
  expect(translateLabels(table, { group: '561' })).toEqual({ kind: 'none' })
  expect(translateLabels(table, { section: 'A' })).toEqual({ kind: 'none' })
})

it.each([[['999', '011']], [['011', '012']]] as const)('refuses a code that there is not: %j', (pair) => {
  expect(() => createCorrespondence(ksic10, revised, 'group', [pair])).toThrow(
    expect.objectContaining({ code: 'classification/bad-correspondence' }),
  )
})
