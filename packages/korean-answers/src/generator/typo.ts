import type { Random } from '@kic/core'
import { defined } from '@kic/core'
import { singleSpaced } from '@kic/data'

const firstSyllable = 0xac00
const syllableCount = 11_172
const vowels = [...'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ']
const finals = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ']
const initials = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ']

// Sounds that writers take for one another.
const vowelSwaps = [
  'ㅐㅔ',
  'ㅔㅐ',
  'ㅚㅙ',
  'ㅙㅚ',
  'ㅞㅙ',
  'ㅢㅣ',
  'ㅓㅗ',
  'ㅗㅓ',
  'ㅓㅏ',
  'ㅕㅓ',
  'ㅛㅗ',
  'ㅠㅜ',
  'ㅡㅜ',
  'ㅜㅡ',
  'ㅟㅣ',
  'ㅖㅔ',
]
const finalSwaps = [
  'ㅅㅆ',
  'ㅆㅅ',
  'ㄷㅅ',
  'ㅌㅅ',
  'ㅊㅅ',
  'ㅈㅅ',
  'ㄱㅋ',
  'ㅋㄱ',
  'ㄲㄱ',
  'ㅍㅂ',
  'ㅂㅍ',
  'ㄴㅇ',
  'ㅇㄴ',
  'ㅁㄴ',
  'ㄶㄴ',
  'ㅀㄹ',
  'ㄻㅁ',
  'ㄺㄱ',
]
const initialSwaps = [
  'ㄱㄲ',
  'ㄲㄱ',
  'ㄷㄸ',
  'ㄸㄷ',
  'ㅂㅃ',
  'ㅃㅂ',
  'ㅅㅆ',
  'ㅆㅅ',
  'ㅈㅉ',
  'ㅉㅈ',
  'ㅋㄱ',
  'ㅍㅂ',
]

const table = (swaps: readonly string[], order: readonly string[]): ReadonlyMap<number, number> =>
  new Map(swaps.map((pair) => [order.indexOf(pair.charAt(0)), order.indexOf(pair.charAt(1))]))

const vowelTable = table(vowelSwaps, vowels)
const finalTable = table(finalSwaps, finals)
const initialTable = table(initialSwaps, initials)

/** A syllable with one sound mistaken, or undefined where none of its sounds has a neighbour in the tables. */
const mistake = (syllable: string, random: Random): string | undefined => {
  const index = syllable.charCodeAt(0) - firstSyllable
  if (index < 0 || index >= syllableCount) return undefined
  const initial = Math.floor(index / 588)
  const vowel = Math.floor(index / 28) % 21
  const final = index % 28
  const build = (i: number, v: number, f: number): string =>
    String.fromCharCode(firstSyllable + (i * 21 + v) * 28 + f)
  const candidates: string[] = []
  const otherVowel = vowelTable.get(vowel)
  const otherFinal = finalTable.get(final)
  const otherInitial = initialTable.get(initial)
  if (otherVowel !== undefined) candidates.push(build(initial, otherVowel, final))
  if (otherFinal !== undefined) candidates.push(build(initial, vowel, otherFinal))
  if (otherInitial !== undefined) candidates.push(build(otherInitial, vowel, final))
  if (final !== 0 && random.next() < 0.2) candidates.push(build(initial, vowel, 0))
  return candidates.length === 0 ? undefined : random.pick(candidates)
}

/**
 * The text with one slip of a hasty writer: a sound mistaken for its neighbour (제→재, 쎈→센), or a syllable left out,
 * doubled or exchanged with the next one. Texts under three characters stay as they are.
 */
export const withTypo = (text: string, random: Random): string => singleSpaced(slip(text, random))

const slip = (text: string, random: Random): string => {
  const letters = [...text]
  if (letters.length < 3) return text
  const kind = random.next()
  for (let attempt = 0; attempt < 8; attempt++) {
    const at = random.int(letters.length)
    const letter = defined(letters[at])
    if (letter < '가' || letter > '힣') continue
    const before = letters.slice(0, at).join('')
    const after = letters.slice(at + 1).join('')
    if (kind < 0.72) {
      const wrong = mistake(letter, random)
      if (wrong !== undefined) return before + wrong + after
      continue
    }
    if (kind < 0.84) return before + after
    if (kind < 0.92) return before + letter + letter + after
    const next = letters[at + 1] ?? ''
    if (next >= '가' && next <= '힣' && next !== letter)
      return before + next + letter + after.slice(next.length)
  }
  return text
}
