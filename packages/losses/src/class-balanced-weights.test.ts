import { describe, expect, it } from 'vitest'
import { code } from './__fixtures__/three-rows.ts'
import { classBalancedWeights } from './class-balanced-weights.ts'

describe('classBalancedWeights', () => {
  it('equals the published implementation', () => {
    // class_balanced_loss.py of the authors in NumPy: w = (1 - b) / (1 - b ** n); w / w.sum() * len(n)
    const expected = {
      0.9: [0.25493842, 0.25494519, 0.94073218, 2.54938421],
      0.999: [0.00299371, 0.03123257, 0.99218732, 2.9735864],
    }
    for (const [beta, wanted] of Object.entries(expected)) {
      const actual = classBalancedWeights([5000, 100, 3, 1], { beta: Number(beta) })
      for (const [i, weight] of wanted.entries()) expect(actual[i]).toBeCloseTo(weight, 6)
    }
    expect([...classBalancedWeights([7, 1, 400], { beta: 0 })]).toEqual([1, 1, 1])
  })

  it('leaves classes that do not occur out', () => {
    const weights = classBalancedWeights([10, 0, 10, 0])
    expect(weights).toEqual(Float32Array.of(1, 0, 1, 0))
  })

  it('refuses counts and a beta that are none', () => {
    code(() => classBalancedWeights([1, -1]), 'losses/counts')
    code(() => classBalancedWeights([1, 1.5]), 'losses/counts')
    code(() => classBalancedWeights([0, 0]), 'losses/counts')
    code(() => classBalancedWeights([1, 1], { beta: 1 }), 'losses/beta')
    code(() => classBalancedWeights([1, 1], { beta: Number.NaN }), 'losses/beta')
  })
})
