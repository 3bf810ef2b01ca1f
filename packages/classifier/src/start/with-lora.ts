import { initializeFrom } from '@kic/nn'
import {
  type Lora,
  type LoraOptions,
  lora,
  mergeLora,
  type SequenceClassifier,
  sequenceClassifier,
} from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { countParameters, describeMemory, trainingMemory } from '@kic/trainer'
import type { StartingPoint } from './fresh-classifier.ts'

/** A classifier whose adapters and head are trained. */
export interface AdaptedStart {
  readonly lora: Lora
  /** With adapters; everything of the encoder but them is frozen. */
  readonly model: SequenceClassifier
  /** Every parameter of that model. */
  readonly initial: HostTensors
  /** The parameters of the classifier without adapters that computes the same as the trained one. */
  merged(trained: HostTensors): HostTensors
}

/**
 * Puts fresh adapters beside the weights of a classifier's encoder.
 *
 * @param seed of the adapters
 * @throws KicError `roberta/lora`
 */
export const withLora = (
  { model: { config, head }, initial }: Pick<StartingPoint, 'model' | 'initial'>,
  options: LoraOptions,
  seed: number,
): AdaptedStart => {
  const adapters = lora(options)
  const model = sequenceClassifier(config, head, { lora: adapters })
  return {
    lora: adapters,
    model,
    initial: initializeFrom(model.parameters, initial, seed).params,
    merged: (trained) => mergeLora(trained, adapters),
  }
}

/**
 * How much LoRA trains and takes, beside full fine-tuning; one line each.
 *
 * @param plain the classifier without adapters
 * @param frozen whether the parameter of a name is left as it is
 */
export const describeLora = (
  { lora: { rank, alpha, targets }, model: { parameters } }: AdaptedStart,
  plain: Pick<SequenceClassifier, 'parameters'>,
  frozen: (name: string) => boolean,
): readonly string[] => {
  const trained = parameters.filter(({ name }) => !frozen(name))
  const share = countParameters(trained) / countParameters(parameters)
  const memory = trainingMemory(parameters, frozen)
  return [
    `LoRA of rank ${rank}, alpha ${alpha}, on ${targets.join(', ')}: ${count(trained)} of ${count(parameters)} parameters ` +
      `are trained (${(100 * share).toFixed(2)} %)`,
    `memory besides activations: ${describeMemory(memory)}; without LoRA: ${describeMemory(trainingMemory(plain.parameters))}`,
  ]
}

const count = (parameters: SequenceClassifier['parameters']): string =>
  countParameters(parameters).toLocaleString('en')
