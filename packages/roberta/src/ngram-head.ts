import { KicError } from '@kic/core'
import {
  type Head,
  type HeadConfig,
  layerNorm,
  layerNormParameters,
  linear,
  linearParameters,
  parameter,
} from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaErrorCode } from './error-code.ts'

/**
 * One projection of two views of a text: the encoder's mean, and LayerNorm of the sum of all n-gram embeddings, which is
 * the bag of n-grams of fastText (Joulin et al. 2017, arXiv:1607.01759). Few rows teach the bag quickly, because nothing
 * but a linear layer is above it; the encoder adds what order and context say.
 */
export const ngramHead: Head<HeadConfig> = {
  name: 'ngram',
  readsNgrams: true,
  parameters: ({ hidden_size: H, initializer_range: std, id2label }) => [
    ...layerNormParameters('classifier.LayerNorm', H),
    ...linearParameters('classifier.out_proj', Object.keys(id2label).length, 2 * H, { kind: 'normal', std }),
  ],
  apply: (params, { sequence, attentionMask, ngrams }, config, ctx) => {
    if (ngrams === undefined) {
      throw new KicError<RobertaErrorCode>(
        'roberta/no-ngrams',
        'ngramHead: the features must have ngrams, received none. Use an encoder with ngram_sizes, by sequenceClassifier.',
      )
    }
    return tf.tidy(() => {
      const weight = (name: string) => parameter(params, `classifier.${name}`)
      const mask = attentionMask.cast('float32').expandDims(2) // [B, S, 1]
      const mean = sequence.mul(mask).sum(1).div(mask.sum(1)) // [B, H]
      const bag = layerNorm(
        ngrams.mul(mask).sum(1), // [B, H]
        weight('LayerNorm.weight'),
        weight('LayerNorm.bias'),
        config.layer_norm_eps,
      )
      const rate = config.classifier_dropout ?? config.hidden_dropout_prob
      const features = ctx.dropout(tf.concat([mean, bag], 1), rate) // [B, 2H]
      return linear(features, weight('out_proj.weight'), weight('out_proj.bias')) // [B, C]
    })
  },
}
