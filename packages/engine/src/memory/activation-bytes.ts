import { recordStep } from '../compiled/record-step.ts'
import type { LossFunction } from '../contract.ts'
import type { TensorTypes } from '../host-tensor.ts'
import { optimize } from '../optimize/optimize.ts'
import { splitRowSums } from '../optimize/scatter-rows.ts'
import { peakBytes } from './peak-bytes.ts'

export interface ActivationBytesOptions {
  readonly loss: LossFunction
  /** Types and shapes of the parameters; no values are needed. */
  readonly params: TensorTypes
  /** Types and shapes of a micro-batch. */
  readonly batch: TensorTypes
  /** The parameters to differentiate. Default: all. */
  readonly trainable?: ((name: string) => boolean) | undefined
}

/**
 * The bytes of the values that a training step has to hold at once during forward and backward pass, beside parameters,
 * gradients and moments: activations, their gradients, and dropout masks. They are counted on the recorded step: no parameter
 * has a value.
 *
 * @throws KicError as `Engine.trainStep`
 */
export const activationBytes = ({ loss, params, batch, trainable }: ActivationBytesOptions): number => {
  const names = Object.keys(params).filter((name) => trainable?.(name) ?? true)
  const { graph } = splitRowSums(recordStep(loss, names, params, batch).graph)
  return peakBytes(optimize(graph), (input) => input.startsWith('mask/'))
}
