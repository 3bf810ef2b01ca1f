import type { Context, Tensor, Tensors } from '@kic/engine'
import { embedding, layerNorm, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaConfig } from './config.ts'
import { ngramEmbeddings } from './ngram-embeddings.ts'

/** Integer tensors of the encoder's first layer. */
export interface EmbeddingInputs {
  /** int32 [B, S] */
  readonly inputIds: Tensor
  /** int32 [B, S] */
  readonly positionIds: Tensor
  /** int32 [B, S]; default: all 0. */
  readonly tokenTypeIds?: Tensor | undefined
}

/** The encoder's first layer. A type alias, because `tf.tidy` takes no interface. */
export type RobertaEmbeddings = {
  /** [B, S, H] */
  readonly hidden: Tensor
  /** The part that n-grams have in it, [B, S, H], if the config has n-grams. */
  readonly ngrams: Tensor | undefined
}

/** Words, positions, token types and n-grams, summed, normalised and dropped out: ids [B, S] → [B, S, H]. */
export const robertaEmbeddings = (
  params: Tensors,
  inputs: EmbeddingInputs,
  config: RobertaConfig,
  ctx: Context,
  prefix: string,
): RobertaEmbeddings =>
  tf.tidy(() => {
    const weight = (name: string): Tensor => parameter(params, `${prefix}embeddings.${name}`)
    const padded = { paddingIndex: config.pad_token_id }
    const words = embedding(weight('word_embeddings.weight'), inputs.inputIds, padded)
    const positions = embedding(weight('position_embeddings.weight'), inputs.positionIds, padded)
    const types = tokenTypes(weight('token_type_embeddings.weight'), inputs.tokenTypeIds)
    const ngrams = ngramEmbeddings(params, inputs.inputIds, config, ctx, prefix)
    const tokens = tf.add(tf.add(words, positions), types) // [B, S, H]
    const sum = ngrams === undefined ? tokens : tf.add(tokens, ngrams)
    const normalized = layerNorm(
      sum,
      weight('LayerNorm.weight'),
      weight('LayerNorm.bias'),
      config.layer_norm_eps,
    )
    return { hidden: ctx.dropout(normalized, config.hidden_dropout_prob), ngrams }
  })

/** [B, S, H]; or [1, H] if every token has type 0, which saves looking up one row B × S times. */
const tokenTypes = (table: Tensor, ids: Tensor | undefined): Tensor => {
  if (table.shape[0] === 1) return table
  return ids ? embedding(table, ids) : tf.slice(table, [0, 0], [1, -1])
}
