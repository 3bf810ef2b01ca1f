import { createRandom, defined } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { withTypo } from './typo.ts'

// It contains every Korean vowel.
const text = '얘기해 쇠 왜가리 훼 위 의류 예식 여름 카센터 교복 자동차부품 제조 야구 과일 원 크기'

/** Initial, vowel and final of a syllable, by Unicode's own decomposition. */
const sounds = (syllable: string): readonly string[] => [...syllable.normalize('NFD'), ''].slice(0, 3)

describe('withTypo', () => {
  it('changes one sound, or drops, doubles or exchanges one syllable', () => {
    const random = createRandom(1)
    const kinds = { sound: 0, shorter: 0, longer: 0, exchanged: 0, none: 0 }
    for (let i = 0; i < 2000; i++) {
      const wrong = withTypo(text, random)
      if (wrong === text) kinds.none++
      else if (wrong.length < text.length) kinds.shorter++
      else if (wrong.length === text.length + 1) kinds.longer++
      else if ([...wrong].sort().join('') === [...text].sort().join('')) kinds.exchanged++
      else {
        expect(wrong.length).toBe(text.length)
        const changed = [...text].flatMap((letter, at) =>
          letter === wrong[at] ? [] : [[letter, defined(wrong[at])]],
        )
        expect(changed.length).toBe(1)
        const [before, after] = (changed[0] ?? []).map(sounds)
        expect(before?.filter((sound, place) => sound !== after?.[place]).length, wrong).toBe(1)
        kinds.sound++
      }
    }
    expect(kinds.sound / 2000).toBeGreaterThan(0.6)
    expect(kinds.shorter / 2000).toBeGreaterThan(0.08)
    expect(kinds.longer / 2000).toBeGreaterThan(0.04)
    expect(kinds.exchanged / 2000).toBeGreaterThan(0.03)
    expect(kinds.none / 2000).toBeLessThan(0.05)
  })

  it('writes only whole syllables and single spaces', () => {
    const random = createRandom(2)
    for (let i = 0; i < 2000; i++)
      expect(withTypo('a 가 쎈터 옷감', random)).toMatch(/^[a가-힣]+( [a가-힣]+)*$/)
  })

  it('does not change short texts and texts without Korean', () => {
    const random = createRandom(3)
    for (let i = 0; i < 100; i++) {
      expect(withTypo('논', random)).toBe('논')
      expect(withTypo('CNC MCT', random)).toBe('CNC MCT')
    }
  })
})
