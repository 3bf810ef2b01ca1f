import { bilstmHead } from '@kic/heads-bilstm'
import type { Head } from '@kic/nn'
import { besideNgrams, meanHead, ngramHead, type RobertaConfig, standardHead } from '@kic/roberta'

/** Heads by their names in readings. */
export const HEADS = {
  standard: standardHead,
  mean: meanHead,
  ngram: ngramHead,
  bilstm: bilstmHead(),
  'bilstm+ngrams': besideNgrams(bilstmHead()),
} as const satisfies Readonly<Record<string, Head<RobertaConfig>>>

/** How a network reads texts, and what it decides from. */
export interface Reading {
  /** A token for each character. `spaced` ones tell where words begin; `joined` ones know no spacing and punctuation. */
  readonly characters: 'spaced' | 'joined'
  readonly layers: number
  /** Lengths of the n-grams that it also reads; default: none. */
  readonly ngramSizes?: readonly number[] | undefined
  /** Rows of the table of n-grams. */
  readonly ngramBuckets?: number | undefined
  readonly head: keyof typeof HEADS
}
