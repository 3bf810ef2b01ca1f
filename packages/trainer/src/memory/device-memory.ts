import { activationBytes, type Engine, type LossFunction } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { BatchPart } from './micro-batch.ts'
import { type Sized, trainingMemory } from './training-memory.ts'

export interface DeviceMemorySample {
  readonly parameters: readonly Sized[]
  readonly loss: LossFunction
  /** The longest batch with this number of rows. */
  readonly batch: (rows: number) => HostTensors
  /** Default: none. */
  readonly frozen?: ((name: string) => boolean) | undefined
}

/**
 * The memory of a training step on its device, in bytes, by its micro-batch: parameters, gradients, moments, sums of gradients if
 * there are several micro-batches, and what forward and backward pass hold at once (`activationBytes`). That is counted for one
 * row, and multiplied by the rows. WebGPU's update writes parameters and moments beside the old ones.
 *
 * The compiled engine was measured to take 0.9 to 1.3 times as much. Engines that run TensorFlow.js's own kernels take more, because
 * these free nothing between forward and backward pass.
 *
 * @throws KicError as `Engine.trainStep`
 */
export const deviceMemory = (
  { name }: Pick<Engine, 'name'>,
  { parameters, loss, batch, frozen }: DeviceMemorySample,
): ((part: BatchPart) => number) => {
  const params = Object.fromEntries(
    parameters.map((spec) => [spec.name, { dtype: 'float32' as const, shape: spec.shape }]),
  )
  const trainable = (parameter: string): boolean => frozen?.(parameter) !== true
  const row = activationBytes({ loss, params, batch: batch(1), trainable })
  const memory = trainingMemory(parameters, frozen)
  const held = memory.parameters + memory.gradients + memory.moments
  return ({ rows, accumulation }) => {
    const sums = accumulation > 1 ? memory.gradients : 0
    const passes = held + sums + rows * row
    const update = name === 'webgpu' ? held + memory.gradients + memory.moments : 0
    return Math.max(passes, update)
  }
}
