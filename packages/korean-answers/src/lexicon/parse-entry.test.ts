import { expect, it } from 'vitest'
import { parseEntry } from './parse-entry.ts'

const shared = new Map([
  ['clothes', ['양복', '한복']],
  ['ways', ['일반인에게 판매']],
])
const file =
  '[places]\n세탁소\n[methods]\n@ways\n다림질 / 옷을 세탁\n[products]\n@clothes 이불\n[answers]\n세탁업'

it('puts the words of shared lists in their place', () => {
  expect(parseEntry('969', file, shared)).toEqual({
    group: '969',
    places: ['세탁소'],
    methods: ['일반인에게 판매', '다림질', '옷을 세탁'],
    products: ['양복', '한복', '이불'],
    answers: ['세탁업'],
  })
})

it('refuses other lists and unknown shared lists', () => {
  const refused = (text: string): unknown => {
    try {
      return parseEntry('969', text, shared)
    } catch (error) {
      return error
    }
  }
  expect(refused(file.replace('[methods]', '[method]'))).toMatchObject({
    code: 'korean-answers/bad-lexicon',
    message: expect.stringContaining('that of group 969 has places, method, products, answers.'),
  })
  expect(refused('')).toMatchObject({ message: expect.stringContaining('has none') })
  expect(refused(file.replace('@clothes', '@cloths'))).toMatchObject({
    code: 'korean-answers/bad-lexicon',
    message: expect.stringContaining('received @cloths in group 969. The shared lists are clothes, ways.'),
  })
})
