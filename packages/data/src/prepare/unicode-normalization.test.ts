import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeText } from './unicode-normalization.ts'

const anyText = fc.string({ unit: 'grapheme', maxLength: 20 })

describe('normalizeText', () => {
  it('composes jamo, and folds widths only on request', () => {
    const decomposed = '카센터'.normalize('NFD')
    expect(normalizeText(decomposed, 'none')).toBe(decomposed)
    expect(normalizeText(decomposed, 'nfc')).toBe('카센터')
    const wide = `ＣＮＣ（３축）\u3000￦５００ ㎏ ①`
    expect(normalizeText(wide, 'nfc')).toBe(wide)
    expect(normalizeText(wide, 'nfc-width')).toBe('CNC(3축) ₩500 ㎏ ①')
    expect(normalizeText(wide, 'nfkc')).toBe('CNC(3축) ₩500 kg 1')
  })

  it('folds ASCII in full width to ASCII, one by one', () => {
    for (let code = 0x21; code <= 0x7e; code++)
      expect(normalizeText(String.fromCharCode(code + 0xfee0), 'nfc-width')).toBe(String.fromCharCode(code))
  })

  it('equals NFC for characters without width forms', () => {
    for (let code = 0; code < 0x30000; code++) {
      if (code === 0x3000 || (code >= 0xff01 && code <= 0xffee) || (code >= 0xd800 && code < 0xe000)) continue
      const character = String.fromCodePoint(code)
      if (normalizeText(character, 'nfc-width') !== character.normalize('NFC'))
        throw new Error(`U+${code.toString(16)} was changed`)
    }
  })

  it('is stable after one pass', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('none', 'nfc', 'nfc-width', 'nfkc'), (text, rule) => {
        const once = normalizeText(text, rule)
        expect(normalizeText(once, rule)).toBe(once)
      }),
    )
  })
})
