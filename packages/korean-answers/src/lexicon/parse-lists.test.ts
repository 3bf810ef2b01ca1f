import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseLists } from './parse-lists.ts'

const parsed = (text: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(parseLists(text))

it('reads words, phrases and remarks', () => {
  const text = `# 세탁업

[places]
세탁소  빨래방
# 5 and more
코인세탁실
[answers]
옷을 세탁 / 운동화 빨래
이불 세탁 후 배달 /
[none]
`
  const lists = {
    places: ['세탁소', '빨래방', '코인세탁실'],
    answers: ['옷을 세탁', '운동화 빨래', '이불 세탁 후 배달'],
    none: [],
  }
  expect(parsed(text)).toEqual(lists)
  expect(parsed(text.replaceAll('\n', '\r\n'))).toEqual(lists)
})

it('reads back what is written, wherever the lines break', () => {
  const word = fc.stringMatching(/^[가-힣a-zA-Z0-9·.,-]{1,6}$/)
  const phrase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
  const list = fc.oneof(
    fc.tuple(fc.array(word), fc.constant([' ', '\n', '  \n'])),
    fc.tuple(fc.array(phrase, { minLength: 2 }), fc.constant([' / ', ' /\n', '\n/ '])),
  )
  fc.assert(
    fc.property(fc.array(list), fc.infiniteStream(fc.nat(2)), (lists, breaks) => {
      const between = (marks: readonly string[]): string => marks[breaks.next().value ?? 0] ?? ' '
      const text = lists.map(
        ([items, marks], i) =>
          `[list-${i}]\n${items.reduce((all, item) => all + between(marks) + item, '')}\n`,
      )
      expect([...parseLists(text.join('\n')).values()]).toEqual(lists.map(([items]) => items))
    }),
  )
})

it('refuses words outside of lists and two lists of one name', () => {
  expect(() => parseLists('places\n세탁소\n[methods]\n세탁')).toThrow(
    /received "places\n세탁소" before the first one/,
  )
  expect(() => parseLists('[places]\n세탁소\n[places]\n빨래방')).toThrow(/received two lists \[places\]/)
})
