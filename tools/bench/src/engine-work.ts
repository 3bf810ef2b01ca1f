import type { Engine, TensorFunction } from '@kic/engine'
import { initialize } from '@kic/nn'
import type { SequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { benchBatch, benchClassifier, benchTrainStep } from './classifier.ts'
import type { ModelShape } from './model-shape.ts'
import type { TorchWork } from './torch-peer.ts'

export const inference = (model: SequenceClassifier): TensorFunction => {
  return (params, feeds, ctx) => ({ logits: model.logits(params, feeds, ctx) })
}

export const feedsOf = (shape: ModelShape): HostTensors => {
  const { labels: _, ...feeds } = benchBatch(shape)
  return feeds
}

/** One training step, or one inference, of a classifier on an engine, ready to be called again and again. */
export const engineWork = (engine: Engine, { work, shape }: TorchWork): (() => Promise<unknown>) => {
  const model = benchClassifier(shape)
  if (work === 'train') {
    const { step } = benchTrainStep(engine, model)
    const batch = benchBatch(shape)
    return () => step([batch], { learningRate: 1e-5 })
  }
  const [classify, params, feeds] = [
    engine.compile(inference(model)),
    engine.place(initialize(model.parameters, 0)),
    feedsOf(shape),
  ]
  return () => classify(params, feeds)
}
