import { KicError } from '@kic/core'
import type { Tensor, Tensors } from '@kic/engine'
import {
  type Features,
  type HeadConfig,
  layerNorm,
  layerNormParameters,
  type ParamSpec,
  parameter,
} from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaErrorCode } from './error-code.ts'

/** Parameters of `ngramBag`: its LayerNorm, below a prefix. */
export const bagParameters = (prefix: string, { hidden_size: H }: HeadConfig): ParamSpec[] =>
  layerNormParameters(`${prefix}.LayerNorm`, H)

/**
 * LayerNorm of the sum of all n-gram embeddings of a text, which is the bag of n-grams of fastText (Joulin et al. 2017,
 * arXiv:1607.01759): [B, S, H] → [B, H].
 *
 * @param head the name of the head that reads it, for messages
 * @throws KicError `roberta/no-ngrams`
 */
export const ngramBag = (
  head: string,
  params: Tensors,
  prefix: string,
  { ngrams, attentionMask }: Features,
  { layer_norm_eps }: HeadConfig,
): Tensor => {
  if (ngrams === undefined) {
    throw new KicError<RobertaErrorCode>(
      'roberta/no-ngrams',
      `the head '${head}': the features must have ngrams, received none. Use an encoder with ngram_sizes.`,
    )
  }
  return tf.tidy(() => {
    const weight = (name: string) => parameter(params, `${prefix}.LayerNorm.${name}`)
    const sum = ngrams.mul(attentionMask.cast('float32').expandDims(2)).sum(1) // [B, H]
    return layerNorm(sum, weight('weight'), weight('bias'), layer_norm_eps)
  })
}
