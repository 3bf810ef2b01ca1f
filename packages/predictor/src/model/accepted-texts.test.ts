import { expect, it } from 'vitest'
import { acceptedTexts } from './accepted-texts.ts'
import { checkText } from './usable-text.ts'

const hangul = { name: 'Hangul', letters: '가-힣' }
const korean = Array.from({ length: 99 }, (_, i) => `쌀 재배 ${i}`)

it('keeps the script of texts that are all in it', () => {
  expect(acceptedTexts(korean, hangul)).toEqual({ script: hangul })
  expect(acceptedTexts(['rice'])).toEqual({ script: undefined })
  expect(acceptedTexts([], hangul)).toEqual({ script: hangul })
})

it.each([
  ['growing rice', { script: undefined }],
  ['ㅋㅋㅋ', { script: undefined }],
  ['👍👍', { script: hangul, letterless: true }],
  ['  ', { script: hangul }],
])('takes %j if one in a hundred training texts is like it, not if fewer are', (text, accepted) => {
  expect(acceptedTexts([...korean, text], hangul)).toEqual(accepted)
  expect(acceptedTexts([...korean, '밀 재배', text], hangul)).toEqual({ script: hangul })
})

it('looks at texts from the first to the last', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => (i < 20_000 ? '쌀' : 'rice'))
  expect(acceptedTexts(many, hangul)).toEqual({ script: undefined })
})

it('a model of any script takes every language, and texts without letters if it had some', () => {
  expect(checkText('👍', { script: undefined }).reason).toBe('no-letters')
  expect(checkText('👍', { script: hangul, letterless: true })).toEqual({ text: '👍' })
  expect(checkText('rice', { script: hangul, letterless: true }).reason).toBe('other-language')
  expect(checkText(' ', { script: undefined, letterless: true }).reason).toBe('empty')
})
