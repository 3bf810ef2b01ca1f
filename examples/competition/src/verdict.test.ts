import { expect, it } from 'vitest'
import { bestMember, CHOSEN, verdict } from './verdict.ts'

const systems = Object.entries({
  transformer: 0.5,
  'n-grams': 0.75,
  ensemble: 0.625,
  [CHOSEN]: 0.75,
  'reference: naive Bayes': 0.25,
  'reference: SVM': 0.375,
  'majority class': 0.125,
}).map(([system, accuracy]) => ({ system, levels: { group: { accuracy, macroF1: 0 } } }))

it('compares an ensemble with its own members', () => {
  expect(bestMember(systems, 'group')?.system).toBe('n-grams')
  expect(bestMember(systems, 'group', ['transformer'])?.system).toBe('transformer')
  expect(bestMember(systems, 'section')).toBeUndefined()
  expect(verdict(systems, 'group', { members: ['transformer'] })).toBe(
    'At group level the ensemble beats its best single member by 12.50 points, beats the best reference (SVM) by 25.00 points and ' +
      'beats the majority class by 50.00 points.',
  )
  expect(verdict(systems, 'group')).toContain(
    'did NOT beat its best single member: it is 12.50 points behind',
  )
  expect(verdict(systems, 'group', { system: CHOSEN })).toContain(
    'the chosen ensemble equals its best single member, beats',
  )
})
