import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeStrict, firstUndecodable } from './strict-decoding.ts'

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

describe('decodeStrict', () => {
  it('reads the syllables that cp949 adds to EUC-KR', () => {
    // Codes from Microsoft's table of code page 949.
    expect(decodeStrict(bytes(0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf), 'cp949')).toBe('똠방각하')
    expect(decodeStrict(bytes(0xc1, 0x64), 'cp949')).toBe('햏')
    expect(decodeStrict(bytes(0xa2, 0xe6), 'cp949')).toBe('€')
  })

  it('knows as many two-byte codes as Python does (17,048), among them all 11,172 syllables', () => {
    const found = new Set<string>()
    for (let lead = 0x80; lead <= 0xff; lead++)
      for (let trail = 0; trail <= 0xff; trail++) {
        const character = decodeStrict(bytes(lead, trail), 'cp949')
        if (character !== undefined) found.add(character)
      }
    expect(found.size).toBe(17_048)
    expect([...found].filter((c) => c >= '가' && c <= '힣')).toHaveLength(11_172)
  })

  it('refuses what other decoders replace', () => {
    expect(decodeStrict(bytes(0xb0), 'cp949')).toBeUndefined()
    expect(decodeStrict(bytes(0x80), 'cp949')).toBeUndefined()
    expect(decodeStrict(bytes(0xff, 0x41), 'cp949')).toBeUndefined()
    expect(decodeStrict(bytes(0xb0, 0xa1), 'utf-8')).toBeUndefined()
    expect(decodeStrict(bytes(0xed, 0xa0, 0x80), 'utf-8')).toBeUndefined()
  })

  it('keeps a U+FFFD of the file', () => {
    expect(decodeStrict(bytes(0xef, 0xbf, 0xbd), 'utf-8')).toBe('\ufffd')
  })
})

describe('firstUndecodable', () => {
  it('points at the first byte that cannot stay', () => {
    expect(firstUndecodable(bytes(0x41, 0xb0, 0xa1, 0x42, 0xc9, 0xa1), 'cp949')).toBe(4)
    expect(firstUndecodable(bytes(0x41, 0xea, 0xb0, 0x80, 0xea, 0xb0, 0x41), 'utf-8')).toBe(4)
    expect(firstUndecodable(bytes(0x41, 0xb0, 0xa1), 'cp949')).toBe(-1)
    expect(firstUndecodable(bytes(), 'utf-8')).toBe(-1)
  })

  it('finds a longest valid beginning', () => {
    const content = fc.uint8Array({ maxLength: 12 })
    const korean = fc
      .string({ unit: fc.constantFrom('가', 'a', '€', '😀') })
      .map((s) => new TextEncoder().encode(s))
    fc.assert(
      fc.property(
        fc.oneof(
          content,
          fc.tuple(korean, content).map(([a, b]) => Buffer.concat([a, b])),
        ),
        (given) => {
          const first = firstUndecodable(given, 'utf-8')
          expect(first < 0).toBe(isUtf8(given))
          if (first < 0) return
          expect(isUtf8(given.subarray(0, first))).toBe(true)
          for (let end = first + 1; end <= given.length; end++)
            expect(isUtf8(given.subarray(0, end))).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })
})
