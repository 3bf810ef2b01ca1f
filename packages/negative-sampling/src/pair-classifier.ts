import type { Context, Scalar, Tensors } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { type Head, parameter } from '@kic/nn'
import {
  parseRobertaConfig,
  type RobertaConfig,
  type SequenceClassifier,
  sequenceClassifier,
} from '@kic/roberta'

/** A classifier of pairs: whether a class name belongs to a text. */
export interface PairClassifier extends SequenceClassifier {
  /** Mean cross-entropy of the two answers, in nats. */
  loss(params: Tensors, feeds: Tensors, ctx: Context): Scalar
}

/**
 * An encoder with a binary head: class 1 if text and name belong together, 0 otherwise.
 *
 * @param config the encoder's config; these two classes replace its own
 * @param head default: RoBERTa's
 */
export const pairClassifier = (config: RobertaConfig, head?: Head<RobertaConfig>): PairClassifier => {
  const binary = parseRobertaConfig({
    ...config,
    id2label: { 0: 'mismatch', 1: 'match' },
    label2id: undefined,
  })
  const model = sequenceClassifier(binary, head)
  return {
    ...model,
    loss: (params, feeds, ctx) => crossEntropy(model.logits(params, feeds, ctx), parameter(feeds, 'labels')),
  }
}
