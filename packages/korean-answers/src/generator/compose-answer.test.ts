import { createRandom } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { composeFull, composeShort } from './compose-answer.ts'
import type { Voice } from './voice.ts'

const voice = (overrides: Partial<Voice> = {}): Voice => ({
  section: 'C',
  division: '31',
  place: () => '공장',
  method: () => '조립',
  goods: () => ({ text: '의자', needsVerb: true }),
  answer: () => '나무로 만드는 곳',
  verb: () => '제조',
  manner: () => '주문받아',
  omitsVerb: () => true,
  ...overrides,
})

const many = <T>(
  compose: (voice: Voice, random: ReturnType<typeof createRandom>) => T,
  of: Voice,
): readonly T[] => {
  const random = createRandom('compose')
  return Array.from({ length: 2000 }, () => compose(of, random))
}

describe('composeFull', () => {
  it('fills three fields from the words of the group alone', () => {
    for (const fields of many(composeFull, voice())) {
      expect(fields.every((field) => field !== '')).toBe(true)
      const rest = fields
        .join(' ')
        .replace(
          /공장(에서|에)?|조립(하여|해서| 후|으로)?|의자|나무로|만드는|곳|제조|주문받아|[을를과와,]|및|등/g,
          '',
        )
      expect(rest.trim(), fields.join('|')).toBe('')
    }
  })

  it('distributes whole answers over the fields', () => {
    expect(many(composeFull, voice()).map((fields) => fields.join('|'))).toContain('나무로|만드는|곳')
  })
})

describe('composeShort', () => {
  it('writes goods with a verb, and whole answers unchanged', () => {
    const texts = many(composeShort, voice())
    expect(texts).toContain('의자 제조')
    const whole = texts.filter((text) => text === '나무로 만드는 곳').length / texts.length
    expect(whole).toBeGreaterThan(0.12)
    expect(whole).toBeLessThan(0.25)
  })

  it('leaves out the verb only for goods that need none', () => {
    expect(many(composeShort, voice())).not.toContain('의자')
    expect(many(composeShort, voice({ goods: () => ({ text: '미용', needsVerb: false }) }))).toContain('미용')
  })

  it('adds a verb to a list of goods if one of them needs it', () => {
    let turn = 0
    const mixed = voice({
      goods: () =>
        turn++ % 2 === 0 ? { text: '미용', needsVerb: false } : { text: '의자', needsVerb: true },
    })
    const bare = many(composeShort, mixed).filter((text) =>
      /^((미용|의자)( |, ?|과 |와 | 및 )?)+( 등)?$/.test(text),
    )
    expect(bare).toContain('미용')
    expect(bare.filter((text) => text.includes('의자'))).toEqual([])
  })

  it('does not repeat the verb', () => {
    const repairs = voice({ goods: () => ({ text: '시계수리', needsVerb: true }), verb: () => '수리' })
    for (const text of many(composeShort, repairs)) expect(text).not.toMatch(/시계수리[을를]? 수리$/)
  })
})
