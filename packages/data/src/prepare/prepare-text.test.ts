import fc from 'fast-check'
import { expect, it } from 'vitest'
import { prepareRows, prepareText } from './prepare-text.ts'
import { defaultPreparation, type TextPreparation } from './text-preparation.ts'

const of = (settings: Partial<TextPreparation>): TextPreparation => ({ ...defaultPreparation, ...settings })

/** What texts are full of that look alike: jamo, white space, joiners and selectors, marks, width forms. */
const character = fc.oneof(
  fc.constantFrom(...'가각힣 a1Å㎏①ＣＮＣ３￣ｶﾞﾡﾡ\u1100\u1161\u11a8\u1112\u1175\u11c2'),
  fc.constantFrom(' ', '\t', '\n', '\r\n', '\u0085', '\u00a0', '\u2003', '\u2028', '\u3000'),
  fc.constantFrom(
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u115f',
    '\u3164',
    '\ufe0f',
    '\u{e0001}',
  ),
  fc.constantFrom('\u0301', '\u0323', '\u3099', '\u00b4', '\u2126', '\u212b'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const anyText = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''))
const anyPreparation = fc
  .record({
    normalization: fc.constantFrom('none', 'nfc', 'nfc-width', 'nfkc'),
    invisible: fc.constantFrom('drop', 'keep'),
  })
  .map(of)

it.each([
  ['카센터에서  자동차\u3000정비 ', '카센터에서 자동차 정비'],
  ['쌀', '쌀'],
  ['자동차'.normalize('NFD'), '자동차'],
  ['쌀\u200b밥', '쌀밥'],
  ['\ufeff논에서\u00a0벼\r\n재배\u0085', '논에서 벼 재배'],
  ['\u1100\u200d\u1161', '가'],
  ['\u200b\u3000\n', ''],
  ['ＣＮＣ ㎏', 'ＣＮＣ ㎏'],
])('prepares %j', (given, text) => {
  expect(prepareText(given)).toBe(text)
})

it('applies each setting', () => {
  const jamo = '쌀'.normalize('NFD')
  const given = ` ${jamo}\u200b\u00a0ＣＮＣ ㎏`
  const kept = of({ normalization: 'none', invisible: 'keep' })
  expect(prepareText(given, kept)).toBe(`${jamo}\u200b ＣＮＣ ㎏`)
  expect(prepareText(given, { ...kept, invisible: 'drop' })).toBe(`${jamo} ＣＮＣ ㎏`)
  expect(prepareText(given, { ...kept, normalization: 'nfc' })).toBe('쌀\u200b ＣＮＣ ㎏')
  expect(prepareText(given, of({ normalization: 'nfc-width' }))).toBe('쌀 CNC ㎏')
  expect(prepareText(given, of({ normalization: 'nfkc' }))).toBe('쌀 CNC kg')
})

it('leaves its own result unchanged, with every setting', () => {
  fc.assert(
    fc.property(anyText, anyPreparation, (given, preparation) => {
      const once = prepareText(given, preparation)
      expect(prepareText(once, preparation)).toBe(once)
    }),
    { numRuns: 2000 },
  )
})

it('prepares texts that look alike to the same text', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom('NFC', 'NFD'), (given, form) => {
      expect(prepareText(given.normalize(form))).toBe(prepareText(given))
      const noisy = `\u00a0${given.replace(/ /g, ' \u200b\u2003')}\ufeff\n`
      expect(prepareText(noisy)).toBe(prepareText(given))
    }),
    { numRuns: 2000 },
  )
})

it('knows the invisible characters and white space of Unicode 17 on any runtime', () => {
  const counts = { invisible: 0, spaces: 0 }
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue
    const character = String.fromCodePoint(code)
    const between = prepareText(`a${character}b`, of({ normalization: 'none' }))
    if (between === 'ab') {
      counts.invisible++
      if (!/\p{Default_Ignorable_Code_Point}/u.test(character)) throw new Error(code.toString(16))
    } else if (between === 'a b') {
      counts.spaces++
      if (!/\p{White_Space}/u.test(character)) throw new Error(code.toString(16))
    } else if (between !== `a${character}b`) throw new Error(code.toString(16))
  }
  // As the totals at the end of DerivedCoreProperties.txt and PropList.txt.
  expect(counts).toEqual({ invisible: 4174, spaces: 25 })
})

it('treats texts of invisible characters as blank, with every preparation', () => {
  fc.assert(
    fc.property(anyText, anyPreparation, (given, preparation) => {
      const blank = prepareText(given) === ''
      const { rows, empty } = prepareRows([{ text: given }], preparation)
      expect([rows.length, empty.length]).toEqual(blank ? [0, 1] : [1, 0])
    }),
    { numRuns: 2000 },
  )
})

it('separates blank rows, and changes only the text of others', () => {
  const rows = [
    { text: '쌀'.normalize('NFD'), id: 1 },
    { text: '\u3164 \u200b', id: 2 },
    { text: '벼 재배', id: 3 },
  ]
  expect(prepareRows(rows)).toEqual({
    rows: [
      { text: '쌀', id: 1 },
      { text: '벼 재배', id: 3 },
    ],
    empty: [rows[1]],
  })
})
