import { argMaxRows } from '@kic/trainer'
import { expect, it } from 'vitest'
import { trainNaiveBayes } from './naive-bayes.ts'

it('learns which characters belong to which class, and prefers frequent classes without evidence', () => {
  const texts = ['커피 판매', '카페에서 커피', '커피전문점', '자동차 수리', '타이어 교환']
  const classify = trainNaiveBayes(texts, Int32Array.of(0, 0, 0, 1, 1), 2)
  const scores = classify(['원두커피', '자동차타이어', ''])
  expect(argMaxRows(scores, 2)).toEqual(Int32Array.of(0, 1, 0))
  // Of an empty text there are its two ends, which both classes have as often as they have texts.
  const [first = 0, second = 0] = scores.slice(4)
  expect([first, Math.exp(second) < 0.9]).toEqual([0, true])
})
