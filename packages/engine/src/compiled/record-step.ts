import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { type DropoutSite, trainingContext } from '../context.ts'
import type { LossFunction, Tensors } from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import type { TensorTypes } from '../host-tensor.ts'
import type { Seed } from '../micro-batch-shares.ts'
import type { RangeRule } from '../range-rule.ts'
import { record } from '../record/record.ts'
import { differentiated } from '../value-and-gradients.ts'
import { inputSpecs, unprefixed } from './input-names.ts'
import type { RecordedFunction } from './record-function.ts'
import { declaredRanges, splitChecks } from './recorded-checks.ts'

/** The output with the weights that a loss declares. */
export const TOLD = 'told/weights'
/** The inputs with the micro-batch's share, and whether a declared weight replaces it. */
const [SHARE, TOLD_SEED] = ['seed/share', 'seed/told'] as const

export interface RecordedStep extends RecordedFunction {
  /** The dropout masks that the graph takes, `mask/<site>`. */
  readonly sites: readonly DropoutSite[]
}

/** Records forward and backward pass of a loss: its outputs, `grad.<name>` of the parameters it reaches, and `TOLD`. */
export const recordStep = (
  loss: LossFunction,
  trainable: readonly string[],
  params: TensorTypes,
  batch: TensorTypes,
): RecordedStep => {
  const sites: DropoutSite[] = []
  let rules: readonly RangeRule[] = []
  const whole = record(
    [
      ...inputSpecs('param/', params),
      ...inputSpecs('feed/', batch),
      { name: SHARE, dtype: 'float32', shape: [] },
      { name: TOLD_SEED, dtype: 'float32', shape: [] },
    ],
    (inputs, recorder) => {
      const ctx = trainingContext((site, spec) => {
        sites[site] = spec
        return recorder.input({ name: `mask/${site}`, dtype: 'float32', shape: spec.shape })
      })
      const declared = declaredRanges(() => {
        const { outputs, gradients, weights } = differentiated(
          loss,
          unprefixed('param/', Object.keys(params), inputs),
          unprefixed('feed/', Object.keys(batch), inputs),
          ctx,
          trainable,
          (weight) => seedOf(inputs, weight),
        )
        return { ...outputs, ...gradients, ...(weights && { [TOLD]: weights }) }
      })
      rules = declared.rules
      return declared.outputs
    },
  )
  return { ...splitChecks(whole, rules), sites }
}

/** The inputs of a recorded step that hold a micro-batch's seed. */
export const seedFeeds = ({ share, told }: Seed): Record<string, HostTensor> => ({
  [SHARE]: { dtype: 'float32', shape: [], data: Float32Array.of(share) },
  [TOLD_SEED]: { dtype: 'float32', shape: [], data: Float32Array.of(told) },
})

/** The declared weight or the micro-batch's share, as the host chooses. */
const seedOf = ({ [SHARE]: share, [TOLD_SEED]: told }: Tensors, weight: tf.Tensor | undefined): tf.Tensor => {
  if (share === undefined || told === undefined) {
    throw new KicError<EngineErrorCode>('engine/internal', 'trainStep: the recorded step has no seed')
  }
  return weight === undefined ? share : share.mul(tf.sub(1, told)).add(told.mul(weight))
}
