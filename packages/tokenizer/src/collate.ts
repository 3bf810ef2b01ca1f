import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import type { Limits } from './read-limits.ts'
import type { SpecialTokens } from './special-tokens.ts'
import { specialCount, type Template, type TemplatePiece } from './template.ts'
import type { TokenRows } from './token-rows.ts'
import { truncatePair } from './truncate.ts'

/** How texts become rows of equal length. */
export interface BatchOptions {
  /** The longest row, special tokens included; longer texts are truncated (`longest_first` for pairs). */
  readonly maxLength: number
  /** Rows are padded to the next multiple of this, never beyond `maxLength`. Default 8. */
  readonly bucket?: number | undefined
  /** Instead of `bucket`: the lengths allowed. `maxLength` is always one of them. */
  readonly buckets?: readonly number[] | undefined
  /** Pad to `maxLength`, whatever the rows hold. */
  readonly padToMax?: boolean | undefined
  /** How many token types the model has. With 1, as klue/roberta, all types are 0. Default 2. */
  readonly typeVocabSize?: number | undefined
  /** Also give the word each token belongs to. */
  readonly wordIds?: boolean | undefined
}

/** A padded batch: `B` rows of `S` tokens, row-major. */
export interface Batch {
  /** `[B, S]` */
  readonly inputIds: Int32Array
  /** `[B, S]`: 1 for tokens, 0 for padding. */
  readonly attentionMask: Int32Array
  /** `[B, S]` */
  readonly tokenTypeIds: Int32Array
  /** `[B, S]`, where asked for: the number of the word within its text, -1 for special tokens and padding. */
  readonly wordIds?: Int32Array | undefined
  readonly shape: readonly [batch: number, sequence: number]
  /** `[B]`: tokens in each row, special ones included, padding not. */
  readonly lengths: Int32Array
}

/** The error for a length that cannot be. */
export const badLength = (caller: string, rule: string, value: unknown, advice: string): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/bad-length',
    `${caller}: ${rule}, received ${String(value)}. ${advice}`,
  )

const isPositiveInteger = (value: number): boolean => Number.isInteger(value) && value > 0

/**
 * Checks the longest row that is asked for: it holds a token, and no more than the folder's `truncation` allows.
 *
 * @throws KicError `tokenizer/bad-length`
 */
export const checkMaxLength = (
  caller: string,
  maxLength: number,
  special: number,
  limit: number | null,
): void => {
  if (!Number.isInteger(maxLength) || maxLength <= special) {
    throw badLength(
      caller,
      `maxLength must be an integer above the ${special} special tokens of a row`,
      maxLength,
      `Give at least ${special + 1}.`,
    )
  }
  if (limit !== null && maxLength > limit) {
    throw badLength(
      caller,
      `maxLength must not exceed truncation.max_length ${limit} of tokenizer.json`,
      maxLength,
      'Give at most that, or set truncation to null there.',
    )
  }
}

const checkOptions = (options: BatchOptions): void => {
  const { bucket = 8, buckets = [], typeVocabSize = 2 } = options
  if (!isPositiveInteger(bucket))
    throw badLength('encodeBatch', 'bucket must be a positive integer', bucket, 'Give 8, say.')
  if (!buckets.every((n, i) => isPositiveInteger(n) && n > (buckets[i - 1] ?? 0))) {
    throw badLength(
      'encodeBatch',
      'buckets must be ascending positive integers',
      `[${buckets}]`,
      'Sort them.',
    )
  }
  if (!isPositiveInteger(typeVocabSize)) {
    throw badLength(
      'encodeBatch',
      'typeVocabSize must be a positive integer',
      typeVocabSize,
      "Give the config's type_vocab_size.",
    )
  }
}

const paddedLength = (
  longest: number,
  { maxLength, bucket = 8, buckets, padToMax = false }: BatchOptions,
): number => {
  if (padToMax) return maxLength
  const next = buckets?.find((length) => length >= longest) ?? maxLength
  return Math.min(maxLength, buckets === undefined ? Math.ceil(longest / bucket) * bucket : next)
}

const typesOf = (pieces: readonly TemplatePiece[], typeVocabSize: number): readonly number[] => {
  if (typeVocabSize === 1) return pieces.map(() => 0)
  const types = pieces.map((piece) => piece.typeId)
  const highest = Math.max(...types)
  if (highest < typeVocabSize) return types
  throw badLength(
    'encodeBatch',
    `typeVocabSize must exceed the template's token type ${highest}`,
    typeVocabSize,
    "Give the config's type_vocab_size.",
  )
}

/**
 * Truncates rows of tokens, surrounds them with special tokens and pads them to one length.
 *
 * @throws KicError `tokenizer/bad-length` where an option is impossible.
 */
export const collate = (
  first: TokenRows,
  second: TokenRows | null,
  template: Template,
  special: SpecialTokens,
  { truncationSide, maxLength }: Limits,
  options: BatchOptions,
): Batch => {
  const pieces = second === null ? template.single : template.pair
  const added = specialCount(pieces)
  checkMaxLength('encodeBatch', options.maxLength, added, maxLength)
  checkOptions(options)
  const types = typesOf(pieces, options.typeVocabSize ?? 2)
  const rows = first.offsets.length - 1
  const kept = [new Int32Array(rows), new Int32Array(rows)] as const
  const lengths = new Int32Array(rows)
  const countOf = ({ offsets }: TokenRows, row: number): number =>
    (offsets[row + 1] as number) - (offsets[row] as number)
  for (let row = 0; row < rows; row++) {
    const [a, b] =
      second === null
        ? [Math.min(countOf(first, row), options.maxLength - added), 0]
        : truncatePair(countOf(first, row), countOf(second, row), options.maxLength - added)
    kept[0][row] = a
    kept[1][row] = b
    lengths[row] = a + b + added
  }

  const width = paddedLength(
    lengths.reduce((a, b) => Math.max(a, b), 1),
    options,
  )
  const inputIds = new Int32Array(rows * width).fill(special.pad.id) // [B, S]
  const attentionMask = new Int32Array(rows * width) // [B, S]
  const tokenTypeIds = new Int32Array(rows * width) // [B, S]
  const wordIds = options.wordIds === true ? new Int32Array(rows * width).fill(-1) : undefined // [B, S]
  for (let row = 0; row < rows; row++) {
    let at = row * width
    attentionMask.fill(1, at, at + (lengths[row] as number))
    for (const [i, piece] of pieces.entries()) {
      const start = at
      if ('ids' in piece) {
        inputIds.set(piece.ids, at)
        at += piece.ids.length
      } else {
        const source = piece.sequence === 0 || second === null ? first : second
        const count = kept[piece.sequence][row] as number
        const start = source.offsets[row] as number
        const from = truncationSide === 'left' ? start + countOf(source, row) - count : start
        const to = from + count
        inputIds.set(source.ids.subarray(from, to), at)
        wordIds?.set(source.words.subarray(from, to), at)
        at += to - from
      }
      tokenTypeIds.fill(types[i] as number, start, at)
    }
  }
  return {
    inputIds,
    attentionMask,
    tokenTypeIds,
    wordIds,
    shape: [rows, width],
    lengths,
  }
}
