import { expect, it } from 'vitest'
import { calibratedBudget } from './calibrated-budget.ts'

const member = (name: string, weight = 1, temperature = 1) => ({ name, level: 'group', weight, temperature })
const budgetOf = (...members: ReturnType<typeof member>[]) => ({ members, accuracy: 1, rowsPerSecond: 1 })

it('takes a budget with all members, weights and temperatures for the whole ensemble', () => {
  const members = [member('a', 1, 2), member('b', 3)]
  const best = (...chosen: ReturnType<typeof member>[]) =>
    calibratedBudget({ members, budgets: { best: budgetOf(...chosen) } }, 'best')
  expect(best(member('b', 3), member('a', 1, 2))).toBe(undefined)
  expect(best(member('a', 1, 2))).toBe('best')
  expect(best(member('a', 1, 2), member('b', 2))).toBe('best')
  expect(best(member('a', 1, 1), member('b', 3))).toBe('best')
  expect(calibratedBudget({ members }, 'best')).toBe('best')
  expect(calibratedBudget({ members }, undefined)).toBe(undefined)
})
