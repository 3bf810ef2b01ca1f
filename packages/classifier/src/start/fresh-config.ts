import { createRobertaConfig, type RobertaConfig } from '@kic/roberta'
import type { Tokenizer } from '@kic/tokenizer'

/** Sizes of an encoder that is trained from scratch. */
export interface EncoderSizes {
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  /** The longest row of tokens. */
  readonly maxLength: number
  /** Default: four times `hidden`. */
  readonly intermediate?: number | undefined
  /** Standard deviation of fresh weights; default 0.06. Small encoders learn sooner with it than with the published 0.02. */
  readonly initializerRange?: number | undefined
  /** Dropout of the head; default: that of the encoder, 0.1. */
  readonly headDropout?: number | undefined
  /** Lengths of the n-grams of tokens that it also reads; default: none. */
  readonly ngramSizes?: readonly number[] | undefined
  /** Rows of the table of n-grams. */
  readonly ngramBuckets?: number | undefined
  /** Share of the n-grams that training leaves out. */
  readonly ngramDropout?: number | undefined
}

/** A class number for each name, as `id2label` of a config has them. */
export const labelsById = (classes: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(classes.entries())

/**
 * The config of a fresh encoder for a tokenizer.
 *
 * @param classes names of the classes; default: two unnamed classes
 * @throws KicError `roberta/config`
 */
export const freshConfig = (
  { vocabSize, specialTokens: { pad, cls, sep } }: Pick<Tokenizer, 'vocabSize' | 'specialTokens'>,
  sizes: EncoderSizes,
  classes?: readonly string[],
): RobertaConfig => {
  const { hidden, layers, heads, maxLength, intermediate = 4 * hidden, initializerRange = 0.06 } = sizes
  return createRobertaConfig({
    vocab_size: vocabSize,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    initializer_range: initializerRange,
    classifier_dropout: sizes.headDropout,
    // Positions are numbered from behind the padding id.
    max_position_embeddings: maxLength + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    ...ngramKeys(sizes),
    id2label: classes && labelsById(classes),
  })
}

/** Keys that a config without n-grams does not have. */
const ngramKeys = ({ ngramSizes, ngramBuckets, ngramDropout }: EncoderSizes) =>
  ngramSizes && { ngram_sizes: [...ngramSizes], ngram_buckets: ngramBuckets, ngram_dropout: ngramDropout }

/** A config with other classes. */
export const withClasses = (config: RobertaConfig, classes: readonly string[]): RobertaConfig =>
  createRobertaConfig({ ...config, id2label: labelsById(classes), label2id: undefined })
