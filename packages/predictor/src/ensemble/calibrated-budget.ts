import type { BudgetName, Ensemble } from '@kic/ensemble'

/**
 * The budget whose own calibration counts: `undefined` for the whole ensemble, and for a budget that votes like it, with the
 * same members, weights and temperatures.
 */
export const calibratedBudget = (
  ensemble: Pick<Ensemble, 'members' | 'budgets'>,
  budget: BudgetName | undefined,
): BudgetName | undefined => (budget === undefined || votesAsWhole(ensemble, budget) ? undefined : budget)

const votesAsWhole = (
  { members, budgets }: Pick<Ensemble, 'members' | 'budgets'>,
  budget: BudgetName,
): boolean => {
  const chosen = budgets?.[budget]?.members ?? []
  return (
    chosen.length === members.length &&
    members.every(({ name, weight, temperature }) =>
      chosen.some((one) => one.name === name && one.weight === weight && one.temperature === temperature),
    )
  )
}
