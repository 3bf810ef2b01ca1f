import { CONTROL, IDEOGRAPH, NONSPACING_MARK, WHITE_SPACE } from './bert-unicode.ts'
import { characterClass, parseRanges } from './code-point-ranges.ts'
import { lowerCase } from './unicode/lower-case.ts'
import { normalForm } from './unicode/normal-form.ts'
import { wellFormed } from './unicode/well-formed.ts'

/** The four switches of Hugging Face's `BertNormalizer`, applied in this order. */
export interface BertNormalizerOptions {
  /** Removes control characters and turns all white space into spaces. */
  readonly cleanText: boolean
  /** Puts spaces around CJK ideographs; does not affect Hangul. */
  readonly handleChineseChars: boolean
  /** Decomposes canonically and removes non-spacing marks. Hangul syllables become jamo. */
  readonly stripAccents: boolean
  readonly lowercase: boolean
}

const matching = (table: string): RegExp => new RegExp(characterClass(parseRanges(table)), 'gu')

const control = matching(CONTROL)
const whiteSpace = matching(WHITE_SPACE)
const ideograph = matching(IDEOGRAPH)
const nonspacingMark = matching(NONSPACING_MARK)

/** A function from a text to its normal form, as a string; equal to `BertNormalizer` of the Rust crate. */
export const createBertNormalizer =
  (options: BertNormalizerOptions) =>
  (text: string): string => {
    let result = wellFormed(text)
    if (options.cleanText) result = result.replace(control, '').replace(whiteSpace, ' ')
    if (options.handleChineseChars) result = result.replace(ideograph, ' $& ')
    if (options.stripAccents) result = normalForm(result, 'NFD').replace(nonspacingMark, '')
    return options.lowercase ? lowerCase(result) : result
  }
