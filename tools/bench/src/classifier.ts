import { createRandom } from '@kic/core'
import type { Engine, LossFunction, PlacedParams, TrainStep } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, type SequenceClassifier, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { ModelShape } from './model-shape.ts'

const CLASSES = 225

/** A RoBERTa classifier of these sizes, with dropout 0.1 as published, or another. */
export const benchClassifier = (
  { hidden, layers, vocabulary }: Pick<ModelShape, 'hidden' | 'layers' | 'vocabulary'>,
  dropout = 0.1,
): SequenceClassifier =>
  sequenceClassifier(
    createRobertaConfig({
      hidden_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: Math.max(1, hidden / 64),
      intermediate_size: 4 * hidden,
      vocab_size: vocabulary,
      max_position_embeddings: 66,
      num_labels: CLASSES,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    }),
  )

/** A batch of random tokens without padding. */
export const benchBatch = ({ batch, length, vocabulary }: ModelShape): HostTensors => {
  const random = createRandom('bench')
  const ids = Int32Array.from({ length: batch * length }, () => 5 + random.int(vocabulary - 5))
  return {
    input_ids: { dtype: 'int32', shape: [batch, length], data: ids },
    attention_mask: { dtype: 'int32', shape: [batch, length], data: new Int32Array(batch * length).fill(1) },
    labels: {
      dtype: 'int32',
      shape: [batch],
      data: Int32Array.from({ length: batch }, () => random.int(CLASSES)),
    },
  }
}

/** Cross-entropy of that classifier. */
export const benchLoss =
  (model: SequenceClassifier): LossFunction =>
  (params, batch, ctx) =>
    crossEntropy(model.logits(params, batch, ctx), parameter(batch, 'labels'))

/** The training step of that classifier on an engine: forward, backward, clipping, AdamW. */
export const benchTrainStep = (
  engine: Engine,
  model: SequenceClassifier,
): { step: TrainStep; params: PlacedParams } => {
  const params = engine.place(initialize(model.parameters, 0))
  const step = engine.trainStep({
    params,
    loss: benchLoss(model),
    trainable: (name) => model.frozen?.(name) !== true,
    seed: 0,
    optimizer: { kind: 'adamw', maxGradNorm: 1 },
  })
  return { step, params }
}
