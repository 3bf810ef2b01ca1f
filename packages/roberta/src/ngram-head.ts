import { type Head, type HeadConfig, linear, linearParameters, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { bagParameters, ngramBag } from './ngram-bag.ts'

/**
 * One projection of two views of a text: the encoder's mean, and its bag of n-grams. Few rows teach the bag quickly, because
 * nothing but a linear layer is above it; the encoder adds what order and context say.
 */
export const ngramHead: Head<HeadConfig> = {
  name: 'ngram',
  readsNgrams: true,
  parameters: (config) => {
    const { hidden_size: H, initializer_range: std, id2label } = config
    const classes = Object.keys(id2label).length
    return [
      ...bagParameters('classifier', config),
      ...linearParameters('classifier.out_proj', classes, 2 * H, { kind: 'normal', std }),
    ]
  },
  apply: (params, features, config, ctx) =>
    tf.tidy(() => {
      const { sequence, attentionMask } = features
      const weight = (name: string) => parameter(params, `classifier.out_proj.${name}`)
      const mask = attentionMask.cast('float32').expandDims(2) // [B, S, 1]
      const mean = sequence.mul(mask).sum(1).div(mask.sum(1)) // [B, H]
      const bag = ngramBag('ngram', params, 'classifier', features, config)
      const rate = config.classifier_dropout ?? config.hidden_dropout_prob
      const views = ctx.dropout(tf.concat([mean, bag], 1), rate) // [B, 2H]
      return linear(views, weight('weight'), weight('bias')) // [B, C]
    }),
}
