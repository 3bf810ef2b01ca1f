import { codesOf, labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { labelCoverage } from './label-coverage.ts'

const row = (group: string) => ({ labels: labelsOf(ksic10Occurring, 'group', group) })

it('tells which classes cannot be learned, and which rows that concerns', () => {
  const judged = [row('561'), row('011'), row('011'), row('012'), {}]
  const found = labelCoverage(ksic10Occurring, [row('561'), row('562'), row('012'), {}], judged)
  expect(codesOf(found.classification, 'group')).toEqual(['012', '561', '562'])
  expect(codesOf(found.classification, 'section')).toEqual(['A', 'I'])
  expect(found.absent).toHaveLength(222)
  expect(found.absent).toContain('011')
  expect([[...found.unseen], found.judged]).toEqual([[['011', 2]], 4])
})

it('refuses rows without labels, and labels of another classification', () => {
  expect(() => labelCoverage(ksic10Occurring, [{}])).toThrow(
    expect.objectContaining({ code: 'data/no-labels' }),
  )
  expect(() => labelCoverage(ksic10Occurring, [row('561')], [{ labels: { group: '999' } }])).toThrow(
    expect.objectContaining({ code: 'classification/unknown-code' }),
  )
})
