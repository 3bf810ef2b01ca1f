import { labelsOf, restrictClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { expect, it } from 'vitest'
import { accuracyLead, referenceLeads } from './accuracy-lead.ts'
import { scoreTable } from './score-table.ts'
import { scored } from './systems.ts'
import { reference } from './verdict.ts'

const classification = restrictClassification(ksic10, new Set(['011', '561']))
const test = Array.from({ length: 40 }, (_, i) => ({
  id: `${i}`,
  line: i + 1,
  text: `${i >> 1}`,
  labels: labelsOf(classification, 'group', '011'),
}))
const task = {
  classification,
  train: [],
  generated: [],
  validation: [],
  test,
  testName: 'rows',
  submit: [],
  unlabelled: [],
  notes: [],
}
/** Right answers in the first rows. */
const rightIn = (rows: number) => ({ group: Int32Array.from(test, (_, row) => Number(row >= rows)) })

it('measures how far one system is above another, on rows that it draws with their equals', () => {
  expect(accuracyLead(task, 'group', rightIn(30), rightIn(30))).toEqual({ difference: 0, low: 0, high: 0 })
  const lead = defined(accuracyLead(task, 'group', rightIn(30), rightIn(20)))
  expect(lead.difference).toBeCloseTo(0.25, 12)
  // 5 of 20 pairs of equal texts differ: their share has a standard deviation of 0.097.
  expect(lead.low).toBeGreaterThan(0)
  expect(lead.low).toBeLessThan(0.12)
  expect(lead.high).toBeGreaterThan(0.38)
  expect(accuracyLead(task, 'division', rightIn(30), rightIn(20))).toBeUndefined()
})

it('compares every system with the best reference, but for that itself', () => {
  const answers = [
    { system: 'network', predictions: rightIn(30) },
    { system: 'sections alone', predictions: { section: new Int32Array(40) } },
    { system: reference('weak'), predictions: rightIn(10) },
    { system: reference('strong'), predictions: rightIn(20) },
  ]
  const systems = answers.map(({ system, predictions }) => scored(task, system, predictions))
  const leads = defined(referenceLeads(task, 'group', answers, systems))
  expect(leads.reference).toBe(reference('strong'))
  expect(Object.keys(leads.leads)).toEqual(['network', reference('weak')])
  expect(leads.leads[reference('weak')]?.difference).toBeCloseTo(-0.25, 12)
  const [, head, , network, section, , strong] = scoreTable(['group'], systems, leads).split('\n')
  expect(head).toMatch(/above the best reference$/)
  expect(network).toMatch(/\+25\.00 \(\+\d+\.\d\d to \+\d+\.\d\d\)$/)
  expect([section, strong].every((line) => line?.endsWith('–'))).toBe(true)
  expect(referenceLeads(task, 'group', answers.slice(0, 2), systems.slice(0, 2))).toBeUndefined()
})
