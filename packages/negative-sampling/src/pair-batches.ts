import { defaultPreparation, prepareText, type TextPreparation } from '@kic/data/prepare'
import { encodeUnpadded, type Tokenizer } from '@kic/tokenizer'
import { type BatchSource, plannedBatches, type TokenRows, tokenBatch, tokenLengths } from '@kic/trainer'
import { checkedNames } from './label-names.ts'
import type { NegativeSource } from './negative-source.ts'
import { samplePairs } from './sample-pairs.ts'

export interface PairEncoding {
  readonly tokenizer: Tokenizer
  /** Longest pair, special tokens included. */
  readonly maxLength: number
  /** The model's `type_vocab_size`: with 1, as klue/roberta, halves of a pair are told apart by `[SEP]` alone. */
  readonly typeVocabSize: number
  /** How texts and names are prepared before they are tokenized; default: the same as everywhere. */
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
      prepareText(texts[row] ?? '', preparation),
      prepareText(names[pairs.labels[i] ?? -1] ?? '', preparation),
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
 * Batches of positive and negative pairs for `train`. Negatives are drawn anew for each epoch, from the seed and the epoch
 * alone, so that a resumed run sees what the undisturbed one would have seen.
 *
 * @throws KicError `negative-sampling/label-name`, and, at the first epoch, as `samplePairs`
 */
export const pairBatches = (options: PairBatchesOptions): BatchSource => {
  const { texts, tokenizer, batchSize, seed } = options
  const names = checkedNames('pairBatches', options.names)
  const planned = (epoch: number): BatchSource => {
    const pairs = samplePairs({ ...options, classes: names.length, epoch })
    const rows = { ...encodePairs(texts, names, pairs, options), labels: pairs.matches }
    return plannedBatches({ lengths: tokenLengths(rows), batchSize, seed }, (batch) => ({
      ...tokenBatch(rows, batch, { padTokenId: tokenizer.specialTokens.pad.id }),
      // Rows are named by the text that they are of.
      rows: batch.rows.map((pair) => pairs.rows[pair] ?? -1),
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
