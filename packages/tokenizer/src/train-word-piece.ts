import { defined, KicError } from '@kic/core'
import { countWords } from './count-words.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import { learnMerges, type SymbolWords } from './learn-merges.ts'
import { KLUE_SPECIAL_TOKENS } from './special-tokens.ts'

/** Options of learning a vocabulary. */
export interface WordPieceTrainingOptions {
  /** The most tokens, including special ones. */
  readonly vocabSize: number
  /** Pairs of pieces seen less often are not merged. Default 2. */
  readonly minFrequency?: number | undefined
  /** The most different characters to keep, by frequency. Default: as many as fit into `vocabSize`. */
  readonly limitAlphabet?: number | undefined
  /** Tokens that come first, in this order. Default klue's: `[CLS]`, `[PAD]`, `[SEP]`, `[UNK]`, `[MASK]`. */
  readonly specialTokens?: readonly string[] | undefined
  /**
   * Lower the texts first. The tokenizer then needs `{ do_lower_case: true, strip_accents: false }`, without it
   * `{ do_lower_case: false }`. Default false.
   */
  readonly lowercase?: boolean | undefined
  /** Stop at single characters: one token for each syllable. Default false. */
  readonly charactersOnly?: boolean | undefined
}

const PREFIX = '##'

const fail = (rule: string, value: unknown, advice: string): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/bad-training-option',
    `trainWordPiece: ${rule}, received ${String(value)}. ${advice}`,
  )

const checkOptions = (options: WordPieceTrainingOptions, special: readonly string[]): void => {
  const { vocabSize, minFrequency = 1, limitAlphabet = 1 } = options
  if (!Number.isInteger(vocabSize) || vocabSize < special.length + 2 || vocabSize > 1 << 20) {
    throw fail(
      `vocabSize must be an integer from ${special.length + 2} (special tokens and one character) to ${1 << 20}`,
      vocabSize,
      'Give 8000, say.',
    )
  }
  if (!Number.isInteger(minFrequency) || minFrequency < 1) {
    throw fail('minFrequency must be a positive integer', minFrequency, 'Give 2, say.')
  }
  if (!Number.isInteger(limitAlphabet) || limitAlphabet < 1) {
    throw fail(
      'limitAlphabet must be a positive integer',
      limitAlphabet,
      'Leave it out to keep every character.',
    )
  }
  if (new Set(special).size < special.length || special.includes('')) {
    throw fail('specialTokens must be different and not empty', special.join(' '), "Leave it out for klue's.")
  }
}

/** The most frequent characters (code points), at most `limit`, in the order of their code points. */
const alphabetOf = (words: ReadonlyMap<string, number>, limit: number): string[] => {
  const counts = new Map<string, number>()
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count)
  }
  const codePoint = (character: string): number => defined(character.codePointAt(0))
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || codePoint(a) - codePoint(b))
    .slice(0, limit)
    .map(([character]) => character)
    .sort((a, b) => codePoint(a) - codePoint(b))
}

/** Splits words into characters. A character outside the vocabulary ends a run, because no piece can span it. */
const cutWords = (words: ReadonlyMap<string, number>, vocabulary: readonly string[]): SymbolWords => {
  const idOf = new Map(vocabulary.map((token, id) => [token, id]))
  const symbols: number[] = []
  const starts = [0]
  const counts: number[] = []
  const endRun = (count: number): void => {
    if (symbols.length === starts.at(-1)) return
    starts.push(symbols.length)
    counts.push(count)
  }
  for (const [word, count] of words) {
    let prefix = ''
    for (const character of word) {
      const id = idOf.get(prefix + character)
      if (id === undefined) endRun(count)
      else symbols.push(id)
      prefix = PREFIX
    }
    endRun(count)
  }
  return { symbols: Int32Array.from(symbols), starts: Int32Array.from(starts), counts }
}

/**
 * Learns a WordPiece vocabulary from texts: special tokens, then every character as the beginning of a word and as its
 * continuation (`##`), then pieces merged by frequency as in Hugging Face's `WordPieceTrainer`. The result depends only
 * on the counts of words. Unlike that trainer, it is bounded: `vocabSize` is never exceeded, and characters that do not
 * fit are omitted, rarest first.
 *
 * @returns the tokens in the order of their ids: `vocabulary` for `createTokenizer`.
 * @throws KicError `tokenizer/bad-training-option`, or `tokenizer/empty-corpus` if no text holds a word
 */
export const trainWordPiece = async (
  corpus: Iterable<string> | AsyncIterable<string>,
  options: WordPieceTrainingOptions,
): Promise<string[]> => {
  const { vocabSize, minFrequency = 2, limitAlphabet = vocabSize, lowercase = false } = options
  const special = options.specialTokens ?? KLUE_SPECIAL_TOKENS
  checkOptions(options, special)
  const words = await countWords(corpus, {
    cleanText: true,
    handleChineseChars: true,
    stripAccents: false,
    lowercase,
  })
  if (words.size === 0) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/empty-corpus',
      'trainWordPiece: the corpus must hold at least one word, received none. Give an iterable of texts.',
    )
  }
  const room = Math.floor((vocabSize - special.length) / 2)
  const alphabet = alphabetOf(words, Math.min(limitAlphabet, room))
  const characters = [
    ...new Set([...special, ...alphabet, ...alphabet.map((character) => PREFIX + character)]),
  ]
  if (options.charactersOnly === true) return characters
  return learnMerges(cutWords(words, characters), characters, {
    vocabSize,
    minFrequency,
    continuingPrefix: PREFIX,
  })
}
