// Writes src/unicode/tables.ts: the character classes of the Rust crate `tokenizers`, queried from its official binding one code point at a time. Run by `npm run unicode-tables -w @kic/tokenizer` after a new version of the binding.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Tokenizer } from 'tokenizers'
import { charsmapOf } from '../src/__fixtures__/charsmap.ts'
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

/** The code points c for which `isIn` holds for the pieces of `around(c)`; line feeds separate the texts. */
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

/**
 * The code points that normalisation affects: those that decompose, are part of a decomposition, or have a combining
 * class.
 */
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

/**
 * The properties that decide where the crate `unicode-segmentation` ends a user-perceived character, as far as the
 * normalizer `Precompiled` shows them: of clusters below six bytes it looks up the whole, of others each character.
 */
const clusterClasses = (): Readonly<Record<string, Set<number>>> => {
  const charsmap = charsmapOf({ a: 'X', b: 'B', '\u0301': 'Y', '\u0915': 'K', '\u00a9': 'P', '\u263a': 'S' })
  const rust = tokenizer({
    normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap },
  }).getNormalizer()
  if (rust === null) throw new Error('no normalizer Precompiled')
  const found = (around: (character: string) => string, ending: string): Set<number> => {
    const points = new Set<number>()
    for (const block of blocks()) {
      for (const point of block) {
        if (rust.normalizeString(around(String.fromCodePoint(point))).endsWith(ending)) points.add(point)
      }
    }
    return points
  }
  const [virama, ka, joiner, mark] = ['\u094d', '\u0915', '\u200d', '\u0301']
  // The line feed distinguishes an `X` for the whole cluster from an `X` that ends the text for other reasons.
  const joining = found((c) => `\na${c}`, '\nX')
  const both = (a: Set<number>, b: Set<number>): Set<number> =>
    new Set([...a].filter((point) => b.has(point)))
  const without = (a: Set<number>, b: Set<number>): Set<number> =>
    new Set([...a].filter((point) => !b.has(point)))
  return {
    JOINING: joining,
    CLUSTER_CONTROL: without(
      found((c) => `${c}${mark}${mark}`, 'Y'),
      found((c) => `${c}${mark}${mark}`, 'YY'),
    ),
    PREPENDED: found((c) => `${c}b${mark}`, 'BY'),
    PICTOGRAPHIC: without(
      found((c) => `${c}${joiner}\u263a${mark}`, 'SY'),
      joining,
    ),
    PICTOGRAPHIC_EXTENSION: both(
      found((c) => `\u00a9${c}${joiner}\u263a${mark}`, 'SY'),
      joining,
    ),
    CONJUNCT_CONSONANT: without(
      found((c) => `${c}${virama}${ka}${mark}`, 'KY'),
      joining,
    ),
    CONJUNCT_LINKER: both(
      found((c) => `${ka}${c}${ka}${mark}`, 'KY'),
      joining,
    ),
    CONJUNCT_EXTENSION: both(
      found((c) => `${ka}${virama}${c}${ka}${mark}`, 'KY'),
      joining,
    ),
  }
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
  ...Object.entries(clusterClasses()).map(([name, points]) =>
    constant('A class of user-perceived characters; see unicode/text-clusters.ts.', name, rangesOf(points)),
  ),
  '\n/** The general categories in the regular expressions of `Split`. */\nexport const GENERAL_CATEGORIES = {\n' +
    CATEGORIES.map((name) => `  ${name}:\n${lines(rangesOf(matchedBy(`\\p{${name}}`)))},\n`).join('') +
    '} as const\n',
].join('')
await writeFile(fileURLToPath(new URL('../src/unicode/tables.ts', import.meta.url)), source)
