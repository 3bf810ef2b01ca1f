import { parseMapping } from './code-point-mapping.ts'
import { LOWERCASE } from './tables.ts'

const mapping = parseMapping(LOWERCASE)
/** The one letter whose lower case has two characters, İ. */
const DOTTED_CAPITAL_I = 0x130
const ASCII = /^[\0-\x7f]*$/
/** The letters with another lower case. */
const CAPITALS = new RegExp(`[${String.fromCodePoint(DOTTED_CAPITAL_I, ...mapping.keys())}]`, 'u')

/** The lower case of one code point, as a text of one or two characters. */
export const lowerCaseOf = (codePoint: number): string =>
  codePoint === DOTTED_CAPITAL_I ? 'i\u0307' : String.fromCodePoint(mapping.get(codePoint) ?? codePoint)

/**
 * Lower case as in Rust: character by character, so a capital sigma is always σ, and by frozen tables, so letters that
 * Unicode adds later stay unchanged in every runtime.
 */
export const lowerCase = (text: string): string => {
  if (ASCII.test(text)) return text.toLowerCase()
  if (!CAPITALS.test(text)) return text
  let lowered = ''
  for (const character of text) lowered += lowerCaseOf(character.codePointAt(0) ?? 0)
  return lowered
}
