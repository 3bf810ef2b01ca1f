import { KicError } from '@kic/core'
import { type BatchOptions, collate } from './collate.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import { raggedRows } from './ragged-rows.ts'
import type { Limits } from './read-limits.ts'
import { SPECIAL_ROLES, type SpecialTokens } from './special-tokens.ts'
import { specialCount, type Template } from './template.ts'
import type { SequenceEncoder } from './token-buffer.ts'
import { encodeRows } from './token-rows.ts'
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts'

/** The parts that differ between tokenizers. */
export interface TokenizerParts {
  readonly encoder: SequenceEncoder
  readonly template: Template
  readonly specialTokens: SpecialTokens
  readonly limits: Limits
  /** Ids by token. */
  readonly vocabulary: ReadonlyMap<string, number>
  /** Ids that are special besides those of the five roles. */
  readonly otherSpecialIds: readonly number[]
  readonly files: TokenizerFiles | null
  decode(ids: readonly number[], skipSpecialTokens: boolean): string
}

const expectString = (value: unknown, where: string): string => {
  if (typeof value === 'string') return value
  throw new KicError<TokenizerErrorCode>(
    'tokenizer/not-a-string',
    `encode: ${where} must be a string, received ${value === null ? 'null' : typeof value}. ` +
      'Leave the row out, or give an empty text.',
  )
}

const splitPairs = (texts: readonly unknown[]): [string[], string[] | null] => {
  if (!Array.isArray(texts) || texts.length === 0) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/empty-batch',
      'encodeBatch: texts must be an array of at least one text, received none. Skip empty batches.',
    )
  }
  if (!Array.isArray(texts[0])) return [texts.map((text, i) => expectString(text, `text ${i}`)), null]
  const pairs = texts.map((pair, i) => {
    if (Array.isArray(pair) && pair.length === 2) return pair
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/not-a-string',
      `encodeBatch: every row must be a pair of texts like the first one, received another value in row ${i}. Pass only pairs.`,
    )
  })
  const side = (n: 0 | 1): string[] => pairs.map((pair, i) => expectString(pair[n], `text ${n} of pair ${i}`))
  return [side(0), side(1)]
}

/** A `Tokenizer` from its parts. */
export const assembleTokenizer = (parts: TokenizerParts): Tokenizer => {
  const { encoder, template, specialTokens, limits, vocabulary } = parts
  const tokens = new Map<number, string>()
  let vocabSize = 0
  for (const [token, id] of vocabulary) {
    tokens.set(id, token)
    vocabSize = Math.max(vocabSize, id + 1)
  }
  const specialIds = new Set([
    ...SPECIAL_ROLES.map((role) => specialTokens[role].id),
    ...parts.otherSpecialIds,
  ])

  return {
    vocabSize,
    specialTokens,
    files: parts.files,
    encode: (text, pair) => {
      const first = encodeRows(encoder, [expectString(text, 'text')])
      const second = pair === undefined ? null : encodeRows(encoder, [expectString(pair, 'pair')])
      const special = specialCount(second === null ? template.single : template.pair)
      const maxLength = first.ids.length + (second?.ids.length ?? 0) + special + 1
      const unlimited: Limits = { ...limits, maxLength: null }
      const options: BatchOptions = { maxLength, bucket: 1, typeVocabSize: 1 }
      const row = collate(first, second, template, specialTokens, unlimited, options)
      return row.inputIds.subarray(0, maxLength - 1)
    },
    encodeBatch: (texts, options) => {
      if (options.wordIds === true && !encoder.knowsWords) {
        throw new KicError<TokenizerErrorCode>(
          'tokenizer/no-word-ids',
          "encodeBatch: wordIds needs a BERT WordPiece tokenizer, but this tokenizer's library does not tell words. " +
            'Leave wordIds out.',
        )
      }
      const [first, second] = splitPairs(texts)
      return collate(
        encodeRows(encoder, first),
        second === null ? null : encodeRows(encoder, second),
        template,
        specialTokens,
        limits,
        options,
      )
    },
    encodeRows: (texts, { maxLength }) => {
      const strings = texts.map((text, i) => expectString(text, `text ${i}`))
      return raggedRows(encodeRows(encoder, strings), template, limits, maxLength)
    },
    decode: (ids, { skipSpecialTokens = false } = {}) => {
      const known = [...ids].filter((id) => tokens.has(id) && !(skipSpecialTokens && specialIds.has(id)))
      return parts.decode(known, skipSpecialTokens)
    },
    tokenToId: (token) => vocabulary.get(token),
    idToToken: (id) => tokens.get(id),
    isSpecial: (id) => specialIds.has(id),
  }
}
