import { type Head, type HeadConfig, linear, linearParameters, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'

/**
 * Dropout → dense → tanh → dropout → projection, on position 0: `RobertaClassificationHead` of transformers'
 * modeling_roberta.py.
 */
export const standardHead: Head<HeadConfig> = {
  name: 'standard',
  reads: 'first',
  parameters: ({ hidden_size: H, initializer_range: std, id2label }) => [
    ...linearParameters('classifier.dense', H, H, { kind: 'normal', std }),
    ...linearParameters('classifier.out_proj', Object.keys(id2label).length, H, { kind: 'normal', std }),
  ],
  apply: (params, { sequence }, config, ctx) =>
    tf.tidy(() => {
      const [batch = 0, , hidden = 0] = sequence.shape
      const rate = config.classifier_dropout ?? config.hidden_dropout_prob
      const first = tf.reshape(tf.slice(sequence, [0, 0, 0], [batch, 1, hidden]), [batch, hidden]) // [B, H]
      const weight = (name: string) => parameter(params, `classifier.${name}`)
      const dense = linear(ctx.dropout(first, rate), weight('dense.weight'), weight('dense.bias'))
      const activated = ctx.dropout(tf.tanh(dense), rate)
      return linear(activated, weight('out_proj.weight'), weight('out_proj.bias')) // [B, C]
    }),
}
