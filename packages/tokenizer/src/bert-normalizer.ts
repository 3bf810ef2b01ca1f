import { CONTROL, IDEOGRAPH, NONSPACING_MARK, UNDECOMPOSED, WHITE_SPACE } from './bert-unicode.ts'
import { type CodePointRanges, parseRanges } from './code-point-ranges.ts'

/** The four switches of Hugging Face's `BertNormalizer`, applied in this order. */
export interface BertNormalizerOptions {
  /** Removes control characters and turns all white space into spaces. */
  readonly cleanText: boolean
  /** Puts spaces around CJK ideographs. Hangul is not concerned. */
  readonly handleChineseChars: boolean
  /** Decomposes canonically and removes non-spacing marks. Hangul syllables become jamo. */
  readonly stripAccents: boolean
  readonly lowercase: boolean
}

const characterClass = (ranges: CodePointRanges): string => {
  let source = ''
  for (let i = 0; i < ranges.length; i += 2) {
    const [from, to] = [ranges[i] as number, ranges[i + 1] as number]
    source += `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`
  }
  return `[${source}]`
}

const matching = (table: string): RegExp => new RegExp(characterClass(parseRanges(table)), 'gu')

const control = matching(CONTROL)
const whiteSpace = matching(WHITE_SPACE)
const ideograph = matching(IDEOGRAPH)
const nonspacingMark = matching(NONSPACING_MARK)
const decomposable = new RegExp(`${characterClass(parseRanges(UNDECOMPOSED)).replace('[', '[^')}+`, 'gu')
const loneSurrogate = /\p{Surrogate}/gu

/** A function from a text to its normal form, as a string; equal to `BertNormalizer` of the Rust crate. */
export const createBertNormalizer =
  (options: BertNormalizerOptions) =>
  (text: string): string => {
    let result = text.replace(loneSurrogate, '\ufffd')
    if (options.cleanText) result = result.replace(control, '').replace(whiteSpace, ' ')
    if (options.handleChineseChars) result = result.replace(ideograph, ' $& ')
    if (options.stripAccents) {
      result = result.replace(decomposable, (part) => part.normalize('NFD')).replace(nonspacingMark, '')
    }
    // Rust lowers each character by itself; JavaScript would write a capital sigma at the end of a word as ς.
    return options.lowercase ? result.replaceAll('Σ', 'σ').toLowerCase() : result
  }
