// Writes src/unicode/tables.ts: the character classes of the Rust crate `tokenizers`, asked of its official binding one
// code point at a time. Run by `npm run unicode-tables -w @kic/tokenizer` after a new version of the binding.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Tokenizer } from 'tokenizers'
import { formatRanges } from '../src/code-point-ranges.ts'
import { formatMapping } from '../src/unicode/code-point-mapping.ts'

const CATEGORIES =
  'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co'.split(' ')
const BLOCK = 2048

const tokenizer = (sections: object): Tokenizer =>
  Tokenizer.fromString(
    JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
      ...sections,
    }),
  )

const normalizer = (type: string): ((text: string) => string) => {
  const rust = tokenizer({ normalizer: { type } }).getNormalizer()
  if (rust === null) throw new Error(`no normalizer ${type}`)
  return (text) => rust.normalizeString(text)
}

const preTokenizer = (section: object): ((text: string) => string[]) => {
  const rust = tokenizer({ pre_tokenizer: section }).getPreTokenizer()
  if (rust === null) throw new Error(`no pre-tokenizer ${JSON.stringify(section)}`)
  return (text) => rust.preTokenizeString(text).map(([piece]) => piece)
}

/** All Unicode scalar values, in blocks. */
const blocks = function* (): Generator<number[]> {
  for (let start = 0; start < 0x110000; start += BLOCK) {
    if (start < 0xd800 || start >= 0xe000) yield Array.from({ length: BLOCK }, (_, i) => start + i)
  }
}

const rangesOf = (points: Iterable<number>): string => {
  const ranges: number[] = []
  for (const point of [...points].sort((a, b) => a - b)) {
    if (point === (ranges.at(-1) ?? -2) + 1) ranges[ranges.length - 1] = point
    else ranges.push(point, point)
  }
  return formatRanges(Uint32Array.from(ranges))
}

/** The code points that a pre-tokenizer removes. */
const removedBy = (section: object): Set<number> => {
  const split = preTokenizer(section)
  const removed = new Set<number>()
  for (const block of blocks()) {
    const kept = new Set(split(String.fromCodePoint(...block)).flatMap((piece) => [...piece]))
    for (const point of block) if (!kept.has(String.fromCodePoint(point))) removed.add(point)
  }
  return removed
}

const matchedBy = (regex: string): Set<number> =>
  removedBy({ type: 'Split', pattern: { Regex: regex }, behavior: 'Removed', invert: false })

/** The code points c of which `isIn` holds for the pieces of `around(c)`; texts are told apart by line feeds. */
const probe = (
  split: (text: string) => string[],
  around: (character: string) => string,
  isIn: (pieces: string[]) => boolean,
): Set<number> => {
  const found = new Set<number>()
  for (const block of blocks()) {
    for (const point of block) if (isIn(split(around(String.fromCodePoint(point))))) found.add(point)
  }
  return found
}

/** What normalisation knows: whatever decomposes, is part of a decomposition, or has a combining class. */
const normalized = (): Set<number> => {
  const [nfd, nfkd] = [normalizer('NFD'), normalizer('NFKD')]
  const known = new Set<number>()
  for (const block of blocks()) {
    for (const point of block) {
      const character = String.fromCodePoint(point)
      if (nfkd(character) !== character) known.add(point)
      for (const part of [...nfd(character), ...nfkd(character)]) {
        if (part !== character) known.add(part.codePointAt(0) ?? 0)
      }
      // U+0345 has the highest combining class and U+0334 the lowest: between them any mark is reordered.
      for (const text of [`a${character}\u0334`, `a\u0345${character}`]) {
        if (nfd(text) !== text && nfd(character) === character) known.add(point)
      }
    }
  }
  return known
}

/** The code points that a normalizer removes. */
const erasedBy = (type: string): Set<number> => {
  const normalize = normalizer(type)
  const erased = new Set<number>()
  for (const block of blocks()) {
    for (const point of block) if (normalize(String.fromCodePoint(point)) === '') erased.add(point)
  }
  return erased
}

const lowercase = (): [number, number][] => {
  const lower = normalizer('Lowercase')
  const mapping: [number, number][] = []
  for (const block of blocks()) {
    for (const point of block) {
      const [first, ...more] = [...lower(String.fromCodePoint(point))].map((c) => c.codePointAt(0) ?? 0)
      if (first === undefined || (more.length > 0 && point !== 0x130))
        throw new Error(`lower case of ${point}`)
      if (first !== point && point !== 0x130) mapping.push([point, first])
    }
  }
  return mapping
}

const lines = (text: string): string => {
  const rows: string[] = ['']
  for (const part of text.split(' ')) {
    const row = rows.at(-1) ?? ''
    if (row.length + part.length > 108) rows.push(part)
    else rows[rows.length - 1] = row === '' ? part : `${row} ${part}`
  }
  return rows.map((row, i) => `  '${row}${i < rows.length - 1 ? ' ' : ''}'`).join(' +\n')
}

const constant = (comment: string, name: string, text: string): string =>
  `\n/** ${comment} */\nexport const ${name} =\n${lines(text)}\n`

const words = preTokenizer({ type: 'Whitespace' })
const digits = preTokenizer({ type: 'Digits', individual_digits: true })
const source = [
  '// Written by scripts/write-unicode-tables.ts from the official binding `tokenizers`; do not edit.\n' +
    '// Classes are frozen with the format: the ids of a text must not change with the Unicode version of a runtime.\n' +
    '// Format of the ranges: code-point-ranges.ts; of the mapping: code-point-mapping.ts.\n',
  constant(
    'What `\\w` of the Rust crate `regex` matches: pre-tokenizer `Whitespace`, and `single_word` of added tokens.',
    'WORD',
    rangesOf(
      probe(
        words,
        (c) => `a${c}`,
        (pieces) => pieces[0]?.length !== 1,
      ),
    ),
  ),
  constant(
    'What Rust calls numeric: pre-tokenizer `Digits`.',
    'NUMERIC',
    rangesOf(
      probe(
        digits,
        (c) => `a${c}`,
        (pieces) => pieces.length === 2,
      ),
    ),
  ),
  constant(
    'What the crate’s canonical and compatibility forms know; all of it was assigned by Unicode 9.',
    'NORMALIZED',
    rangesOf(normalized()),
  ),
  constant(
    'What the normalizer `StripAccents` removes.',
    'COMBINING_MARK',
    rangesOf(erasedBy('StripAccents')),
  ),
  constant(
    'Lower case by character. U+0130, which has two characters, is not in it.',
    'LOWERCASE',
    formatMapping(lowercase()),
  ),
  constant(
    'What `\\w` matches in the regular expressions of `Split`.',
    'PATTERN_WORD',
    rangesOf(matchedBy('\\w')),
  ),
  constant('What `\\s` matches there.', 'PATTERN_SPACE', rangesOf(matchedBy('\\s'))),
  '\n/** The general categories in the regular expressions of `Split`. */\nexport const GENERAL_CATEGORIES = {\n' +
    CATEGORIES.map((name) => `  ${name}:\n${lines(rangesOf(matchedBy(`\\p{${name}}`)))},\n`).join('') +
    '} as const\n',
].join('')
await writeFile(fileURLToPath(new URL('../src/unicode/tables.ts', import.meta.url)), source)
