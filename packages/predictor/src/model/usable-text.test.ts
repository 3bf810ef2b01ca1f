import { ksicScript } from '@kic/classification/ksic'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkText } from './usable-text.ts'

it.each([
  ['카센터에서  자동차\u3000정비 ', '카센터에서 자동차 정비'],
  ['쌀', '쌀'],
  ['LED TV 판매', 'LED TV 판매'],
  ['PC방', 'PC방'],
  ['ㅋㅋ 치킨', 'ㅋㅋ 치킨'],
  ['자동차'.normalize('NFD'), '자동차'],
  ['쌀\u200b밥', '쌀밥'],
])('accepts %j', (given, text) => {
  expect(checkText(given, { script: ksicScript })).toEqual({ text })
})

it.each([
  ['', 'empty'],
  ['\u200b\u3000\n', 'empty'],
  ['...', 'no-letters'],
  ['2,500원'.replace('원', ''), 'no-letters'],
  ['auto repair', 'other-language'],
  ['自動車修理', 'other-language'],
  ['ㅁㄴㅇㄹ', 'other-language'],
  ['we repair all kinds of cars 네', 'other-language'],
] as const)('marks %j as %s', (given, reason) => {
  expect(checkText(given, { script: ksicScript }).reason).toBe(reason)
})

it('follows the script of the model', () => {
  const latin = { script: { name: 'Latin' } }
  expect(checkText('auto repair', latin).reason).toBeUndefined()
  expect(checkText('자동차 정비', latin).reason).toBe('other-language')
  expect(checkText('自動車修理', { script: undefined }).reason).toBeUndefined()
})

it('accepts any text, and returns its own result unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (given) => {
      const once = checkText(given, { script: ksicScript })
      expect(checkText(once.text, { script: ksicScript })).toEqual(once)
    }),
  )
})
