import { defined } from '@kic/core'
import { defaultPreparation, prepareText, type TextPreparation } from '@kic/data/prepare'
import { encodeUnpadded, type Tokenizer } from '@kic/tokenizer'
import { type BatchSource, plannedBatches, type TokenRows, tokenBatch, tokenLengths } from '@kic/trainer'
import { checkedNames } from './label-names.ts'
import type { NegativeSource } from './negative-source.ts'
import { samplePairs } from './sample-pairs.ts'

export interface PairEncoding {
  readonly tokenizer: Tokenizer
  /** Longest pair, including special tokens. */
  readonly maxLength: number
  /** The model's `type_vocab_size`. With 1, as in klue/roberta, only `[SEP]` separates the halves of a pair. */
  readonly typeVocabSize: number
  /** Preparation of texts and names before tokenizing; default: the usual one. */
  readonly preparation?: TextPreparation | undefined
}

/** Pairs of texts and class names as rows of tokens: `[CLS] text [SEP] name [SEP]`. */
export const encodePairs = (
  texts: readonly string[],
  names: readonly string[],
  pairs: { readonly rows: ArrayLike<number>; readonly labels: ArrayLike<number> },
  { tokenizer, preparation = defaultPreparation, ...options }: PairEncoding,
): TokenRows =>
  encodeUnpadded(
    tokenizer,
    Array.from(pairs.rows, (row, i): [string, string] => [
      prepareText(defined(texts[row]), preparation),
      prepareText(defined(names[defined(pairs.labels[i])]), preparation),
    ]),
    options,
  )

export interface PairBatchesOptions extends PairEncoding {
  readonly texts: readonly string[]
  /** Class number of each text. */
  readonly labels: ArrayLike<number>
  /** Name of each class. */
  readonly names: readonly string[]
  readonly negatives: NegativeSource
  /** Negatives for each positive; default 1. */
  readonly ratio?: number | undefined
  readonly batchSize: number
  readonly seed: number
}

/**
 * Batches of positive and negative pairs for `train`. Each epoch has new negatives, which depend on seed and epoch alone, so
 * a resumed run sees the same pairs as an undisturbed one.
 *
 * @throws KicError `negative-sampling/label-name`, and at the first epoch as `samplePairs`
 */
export const pairBatches = (options: PairBatchesOptions): BatchSource => {
  const { texts, tokenizer, batchSize, seed } = options
  const names = checkedNames('pairBatches', options.names)
  const planned = (epoch: number): BatchSource => {
    const pairs = samplePairs({ ...options, classes: names.length, epoch })
    const rows = { ...encodePairs(texts, names, pairs, options), labels: pairs.matches }
    return plannedBatches({ lengths: tokenLengths(rows), batchSize, seed }, (batch) => ({
      ...tokenBatch(rows, batch, { padTokenId: tokenizer.specialTokens.pad.id }),
      // The number of a row is that of its text.
      rows: batch.rows.map((pair) => defined(pairs.rows[pair])),
    }))
  }
  let latest: { readonly epoch: number; readonly source: BatchSource } | undefined
  return {
    epoch: (epoch) => {
      if (latest?.epoch !== epoch) latest = { epoch, source: planned(epoch) }
      return latest.source.epoch(epoch)
    },
  }
}
