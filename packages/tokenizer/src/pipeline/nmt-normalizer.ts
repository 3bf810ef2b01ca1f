import { characterClass } from '../code-point-ranges.ts'

// The two lists of `Nmt` in the Rust crate (normalizers/unicode.rs), which follow sentencepiece's rule `nmt_nfkc`.
const removed = characterClass(Uint32Array.of(1, 8, 0xb, 0xb, 0xe, 0x1f, 0x7f, 0x7f, 0x8f, 0x8f, 0x9f, 0x9f))
const spaces = characterClass(
  // biome-ignore format: pairs
  Uint32Array.of(9, 0xa, 0xc, 0xd, 0x1680, 0x1680, 0x200b, 0x200f, 0x2028, 0x2029, 0x2581, 0x2581, 0xfeff, 0xfeff, 0xfffd, 0xfffd),
)
const removedAll = new RegExp(removed, 'gu')
const spacesAll = new RegExp(spaces, 'gu')

/** The normalizer `Nmt`: control characters removed, odd white space and invisible characters turned into spaces. */
export const normalizeAsNmt = (text: string): string => text.replace(removedAll, '').replace(spacesAll, ' ')
