import { type Head, type HeadConfig, linear, linearParameters, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { bagParameters, ngramBag } from './ngram-bag.ts'

/** What the name of a head beside n-grams ends in. */
export const BESIDE_NGRAMS = '+ngrams'

const PREFIX = 'ngrams'

/**
 * A head that adds what the bag of n-grams says, by a linear layer of its own, to the logits of any other head. Its parameters
 * are the other head's and `ngrams.*`; its name is the other's and `+ngrams`.
 */
export const besideNgrams = (head: Head<HeadConfig>): Head<HeadConfig> => {
  const name = head.name + BESIDE_NGRAMS
  return {
    ...head,
    name,
    readsNgrams: true,
    parameters: (config) => {
      const { hidden_size: H, initializer_range: std, id2label } = config
      const classes = Object.keys(id2label).length
      return [
        ...head.parameters(config),
        ...bagParameters(PREFIX, config),
        ...linearParameters(`${PREFIX}.out_proj`, classes, H, { kind: 'normal', std }),
      ]
    },
    apply: (params, features, config, ctx) =>
      tf.tidy(() => {
        const weight = (part: string) => parameter(params, `${PREFIX}.out_proj.${part}`)
        const rate = config.classifier_dropout ?? config.hidden_dropout_prob
        const bag = ctx.dropout(ngramBag(name, params, PREFIX, features, config), rate)
        const ofNgrams = linear(bag, weight('weight'), weight('bias')) // [B, C]
        return head.apply(params, features, config, ctx).add(ofNgrams)
      }),
  }
}
