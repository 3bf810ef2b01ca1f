import { expect, it } from 'vitest'
import { balancedClassWeights } from './balanced-weights.ts'

it('is what scikit-learn computes', () => {
  // compute_class_weight(class_weight='balanced', classes=[0, 1, 2], y=[0, 0, 0, 1, 1, 2]) → [2/3, 1, 2]
  const weights = balancedClassWeights([0, 0, 0, 1, 1, 2], 3)
  expect(Array.from(weights, (weight) => Number(weight.toFixed(6)))).toEqual([0.666667, 1, 2])
  expect(Array.from(balancedClassWeights([0, 0, 2, -1], 4))).toEqual([0.75, 0, 1.5, 0])
})
