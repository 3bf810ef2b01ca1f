import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textKey } from './text-key.ts'

describe('textKey', () => {
  it.each([
    ['spaces', '자동차 정비', '자동차정비'],
    ['ideographic and no-break spaces', '자동차\u3000정\u00a0비', '자동차정비'],
    ['case', 'PC방', 'pc방'],
    ['full-width forms', 'ＰＣ방', 'PC방'],
    ['decomposed Hangul, as macOS writes it', '정비'.normalize('NFD'), '정비'],
    ['compatibility characters', '㈜정비', '(주)정비'],
    ['invisible characters', '정\u200b비\ufeff', '정비'],
  ])('ignores %s', (_, a, b) => {
    expect(textKey(a)).toBe(textKey(b))
  })

  it('keeps differences', () => {
    expect(textKey('자동차정비')).not.toBe(textKey('자동차정비업'))
    expect(textKey('밥·국')).not.toBe(textKey('밥국'))
  })

  it('is stable after one application', () => {
    // Quicker than fast-check's unit 'binary', which prepares itself for seconds.
    const character = fc
      .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
      .map((code) => String.fromCodePoint(code))
    fc.assert(
      fc.property(fc.string({ unit: character }), (text) => {
        expect(textKey(textKey(text))).toBe(textKey(text))
      }),
      { numRuns: 1000 },
    )
    // Everything but unified ideographs, Hangul syllables and private use, which normalise to themselves.
    const ranges = [
      [0, 0x33ff],
      [0xa000, 0xabff],
      [0xf900, 0xffff],
      [0x1d400, 0x1d7ff],
      [0x1f100, 0x1f2ff],
      [0xe0000, 0xe0fff],
    ] as const
    const unstable: string[] = []
    for (const [first, last] of ranges)
      for (let code = first; code <= last; code++) {
        const key = textKey(String.fromCodePoint(code))
        if (textKey(key) !== key) unstable.push(code.toString(16))
      }
    expect(unstable).toEqual([])
  })
})
