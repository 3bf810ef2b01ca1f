/** First and last code point of a range. */
type Range = readonly [first: number, last: number]

const classOf = (ranges: readonly Range[]): string =>
  ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')

// A text must become the same ids as long as a model is in use, so these do not come from the runtime's tables.

/** `Default_Ignorable_Code_Point` of Unicode 17 (DerivedCoreProperties.txt): zero-width marks, fillers, selectors. */
const invisible: readonly Range[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
]

/** `White_Space` of Unicode 17 (PropList.txt), except U+0020. */
const otherSpaces: readonly Range[] = [
  [0x9, 0xd],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]

/** Runs of invisible characters. */
export const INVISIBLE = new RegExp(`[${classOf(invisible)}]+`, 'gu')

/** Runs of white space other than a single plain space. */
export const UNEVEN_SPACE = new RegExp(`[ ${classOf(otherSpaces)}]{2,}|[${classOf(otherSpaces)}]`, 'gu')

/** A text without visible characters. */
export const BLANK = new RegExp(`^[ ${classOf(otherSpaces)}${classOf(invisible)}]*$`, 'u')
