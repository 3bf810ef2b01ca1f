import { describe, expect, it } from 'vitest'
import { anyTexts } from '../__fixtures__/any-text.ts'
import { rustPreTokenizer } from '../__fixtures__/rust-tokenizer.ts'
import { wellFormed } from '../unicode/well-formed.ts'
import { readPreTokenizer } from './read-pre-tokenizer.ts'
import { SPLIT_BEHAVIORS } from './split-text.ts'
import { wholePiece } from './text-piece.ts'

const texts = anyTexts(1500, 12).filter((text) => text !== '')

const split = (pattern: object, behavior: string, invert = false) => ({
  type: 'Split',
  pattern,
  behavior,
  invert,
})

const SECTIONS: readonly object[] = [
  ...['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit', 'Punctuation'].map((type) => ({ type })),
  ...[true, false].map((individual_digits) => ({ type: 'Digits', individual_digits })),
  ...['-', ' ', '가', '👍'].map((delimiter) => ({ type: 'CharDelimiterSplit', delimiter })),
  ...[1, 3].map((length) => ({ type: 'FixedLength', length })),
  ...[true, false].flatMap((add_prefix_space) =>
    [true, false].map((use_regex) => ({
      type: 'ByteLevel',
      add_prefix_space,
      trim_offsets: true,
      use_regex,
    })),
  ),
  ...['always', 'first', 'never'].flatMap((prepend_scheme) =>
    [true, false].map((isSplit) => ({ type: 'Metaspace', replacement: '▁', prepend_scheme, split: isSplit })),
  ),
  { type: 'Metaspace', replacement: '_', add_prefix_space: true },
  { type: 'Metaspace', replacement: '▁', add_prefix_space: false, prepend_scheme: 'never' },
  ...SPLIT_BEHAVIORS.map((behavior) => ({ type: 'Punctuation', behavior })),
  ...SPLIT_BEHAVIORS.flatMap((behavior) =>
    [true, false].flatMap((invert) => [
      split({ String: ' ' }, behavior, invert),
      split({ Regex: '[가-힣]+|[0-9]' }, behavior, invert),
    ]),
  ),
  {
    type: 'Sequence',
    pretokenizers: [
      { type: 'WhitespaceSplit' },
      { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
      { type: 'Digits', individual_digits: true },
    ],
  },
  {
    type: 'Sequence',
    pretokenizers: [
      split({ Regex: '\\p{N}{1,3}' }, 'Isolated'),
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  { type: 'Sequence', pretokenizers: [] },
]

describe('pre-tokenizers split like the official ones', () => {
  it.each(SECTIONS.map((section) => [JSON.stringify(section), section] as const))('%s', (_, section) => {
    const [ours, rust] = [readPreTokenizer({ ...section }), rustPreTokenizer(section)]
    for (const text of texts) {
      const pieces = ours(wholePiece(wellFormed(text))).map((piece) => piece.text)
      expect(pieces, JSON.stringify(text)).toEqual(rust.preTokenizeString(text).map(([piece]) => piece))
    }
  })
})
