import { type BertNormalizerOptions, createBertNormalizer } from './bert-normalizer.ts'
import { CONTROL, IDEOGRAPH, PUNCTUATION, WHITE_SPACE } from './bert-unicode.ts'
import { type CodePointRanges, inRanges, parseRanges } from './code-point-ranges.ts'
import { lowerCaseOf } from './unicode/lower-case.ts'

/** Receives the words of a text, in order. */
export interface WordSink {
  /**
   * One word: `characters` code points in the first `length` UTF-16 units. A word longer than the scanner's limit is
   * cut off. The array is reused for the next word.
   */
  word(units: Uint16Array, length: number, characters: number): void
}

/** BERT's normaliser and pre-tokenizer in one pass over the text. */
export interface WordScanner {
  /** Normalises `text` and passes its words to `sink`. */
  scan(text: string, sink: WordSink): void
  /** Passes on the words of a text that `normalize` has normalised. */
  scanNormalized(text: string, sink: WordSink): void
  /** The normalised text. */
  normalize(text: string): string
}

const KEEP = 0
const SPACE = 1
const ALONE = 2
const DROP = 3
const MAP = 4
const REWRITE = 5
const SURROGATE = 6

const REPLACEMENT = 0xfffd
const NON_ASCII = /[^\0-\x7f]/

const control = parseRanges(CONTROL)
const whiteSpace = parseRanges(WHITE_SPACE)
const punctuation = parseRanges(PUNCTUATION)
const ideograph = parseRanges(IDEOGRAPH)

const mark = (kinds: Uint8Array, ranges: CodePointRanges, kind: number): void => {
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] as number
    if (from < kinds.length) kinds.fill(kind, from, (ranges[i + 1] as number) + 1)
  }
}

interface Classes {
  /** The treatment of each UTF-16 unit. */
  readonly kinds: Uint8Array
  /** For units of kind MAP: their one-unit lower case. */
  readonly mapped: Uint16Array
  readonly clean: boolean
  readonly ideographs: boolean
  readonly lowercase: boolean
}

const classify = (clean: boolean, ideographs: boolean, lowercase: boolean): Classes => {
  const kinds = new Uint8Array(0x10000)
  const mapped = new Uint16Array(lowercase ? 0x10000 : 0)
  if (lowercase) {
    for (let unit = 0; unit < 0x10000; unit++) {
      const lower = lowerCaseOf(unit)
      if (lower.charCodeAt(0) === unit) continue
      kinds[unit] = lower.length === 1 ? MAP : REWRITE
      mapped[unit] = lower.charCodeAt(0)
    }
  }
  mark(kinds, punctuation, ALONE)
  if (ideographs) mark(kinds, ideograph, ALONE)
  mark(kinds, whiteSpace, SPACE)
  if (clean) mark(kinds, control, DROP)
  kinds.fill(SURROGATE, 0xd800, 0xe000)
  return { kinds, mapped, clean, ideographs, lowercase }
}

const astralKind = (classes: Classes, codePoint: number): number => {
  if (classes.clean && inRanges(control, codePoint)) return DROP
  if (classes.ideographs && inRanges(ideograph, codePoint)) return ALONE
  if (inRanges(punctuation, codePoint)) return ALONE
  return classes.lowercase ? REWRITE : KEEP
}

/**
 * A scanner which splits as `BertNormalizer` and `BertPreTokenizer` of Hugging Face tokenizers do: at white space,
 * and around each punctuation mark and (optionally) ideograph. Words are cut off after `maxCharacters` code points.
 */
export const createWordScanner = (options: BertNormalizerOptions, maxCharacters: number): WordScanner => {
  const normalize = createBertNormalizer(options)
  const raw = classify(options.cleanText, options.handleChineseChars, options.lowercase)
  const normalized = classify(false, false, false)
  // No code point has a lower case of more than two units.
  const units = new Uint16Array(2 * maxCharacters)
  let length = 0
  let characters = 0

  const flush = (sink: WordSink): void => {
    if (characters > 0) sink.word(units, length, characters)
    length = 0
    characters = 0
  }
  const keep = (first: number, second: number): void => {
    if (characters++ >= maxCharacters) return
    units[length++] = first
    if (second !== 0) units[length++] = second
  }
  const rewrite = (codePoint: number): void => {
    for (const character of lowerCaseOf(codePoint)) {
      keep(character.charCodeAt(0), character.length > 1 ? character.charCodeAt(1) : 0)
    }
  }

  const run = (text: string, sink: WordSink, classes: Classes): void => {
    const { kinds, mapped } = classes
    length = 0
    characters = 0
    for (let i = 0; i < text.length; i++) {
      let first = text.charCodeAt(i)
      let second = 0
      let kind = kinds[first] as number
      if (kind === SURROGATE) {
        const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0
        if (first < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
          second = next
          kind = astralKind(classes, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
          i++
        } else {
          // A lone surrogate is U+FFFD in UTF-8, which Rust reads.
          first = REPLACEMENT
          kind = kinds[REPLACEMENT] as number
        }
      }
      switch (kind) {
        case KEEP:
          keep(first, second)
          break
        case MAP:
          keep(mapped[first] as number, 0)
          break
        case SPACE:
          flush(sink)
          break
        case ALONE:
          flush(sink)
          keep(first, second)
          flush(sink)
          break
        case REWRITE:
          rewrite(second === 0 ? first : 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
          break
      }
    }
    flush(sink)
  }

  return {
    normalize,
    // Decomposition needs more than one character; everything else is done in this pass.
    scan: (text, sink) =>
      options.stripAccents && NON_ASCII.test(text)
        ? run(normalize(text), sink, normalized)
        : run(text, sink, raw),
    scanNormalized: (text, sink) => run(text, sink, normalized),
  }
}
