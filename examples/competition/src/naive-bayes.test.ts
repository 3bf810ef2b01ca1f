import { expect, it } from 'vitest'
import { trainNaiveBayes } from './naive-bayes.ts'

it('learns which characters belong to which class, and prefers frequent classes without evidence', () => {
  const texts = ['커피 판매', '카페에서 커피', '커피전문점', '자동차 수리', '타이어 교환']
  const classify = trainNaiveBayes(texts, Int32Array.of(0, 0, 0, 1, 1), 2)
  expect(classify(['원두커피', '자동차타이어', ''])).toEqual(Int32Array.of(0, 1, 0))
})
