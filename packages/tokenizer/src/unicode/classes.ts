import { PUNCTUATION, WHITE_SPACE } from '../bert-unicode.ts'
import { parseRanges } from '../code-point-ranges.ts'
import { codePointSet } from './code-point-set.ts'
import { COMBINING_MARK, NUMERIC, WORD } from './tables.ts'

/** Letters, marks, decimal digits and connectors: `\w` of the Rust crate `regex`. */
export const isWord = codePointSet(parseRanges(WORD))
/** The property White_Space. */
export const isWhiteSpace = codePointSet(parseRanges(WHITE_SPACE))
/** ASCII punctuation and the categories P* of Unicode 8. */
export const isPunctuation = codePointSet(parseRanges(PUNCTUATION))
/** The categories N*. */
export const isNumeric = codePointSet(parseRanges(NUMERIC))
/** The categories M* of Unicode 9. */
export const isCombiningMark = codePointSet(parseRanges(COMBINING_MARK))
