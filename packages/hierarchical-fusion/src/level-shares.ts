import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import type { HierarchicalFusionErrorCode } from './error-code.ts'
import { PRESENT, PREVIOUS } from './fuse-encoders.ts'
import type { LevelEncoder } from './level-encoder.ts'

/** How much of a fused sequence a level makes up. */
export interface LevelShare {
  readonly level: string
  /** Between 0 and 1; those of all levels add up to 1. */
  readonly share: number
}

/**
 * Which share each level takes of the fused sequence, read from the weights alone, coarsest level first.
 *
 * Both addends of a fusion leave a LayerNorm, which brings every token to unit size and then scales feature by feature.
 * The root mean square of those scales, `norm.weight` for the previous level and the last LayerNorm of the present
 * encoder for the present one, is therefore the size at which each enters the sum; biases, equal for every text, do
 * not count. A share is a size divided by the sum of both. A previous level that is fused itself is divided further.
 *
 * @param params of the model, by name
 * @param prefix of the encoder's parameters; default none
 * @throws KicError `hierarchical-fusion/shares`, `nn/missing-parameter`
 */
export const levelShares = (encoder: LevelEncoder, params: HostTensors, prefix = ''): LevelShare[] => {
  if (encoder.fusedFrom === undefined) return [{ level: encoder.level, share: 1 }]
  const { previous, present } = encoder.fusedFrom
  if (present.outputNorm === undefined) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/shares',
      `levelShares: the level '${present.level}' names no LayerNorm that scales its states (outputNorm). Name it, or measure with the model's contributions on a batch.`,
    )
  }
  const before = rootMeanSquare(params, `${prefix}norm.weight`)
  const now = rootMeanSquare(params, prefix + PRESENT + present.outputNorm)
  const scaled = (shares: readonly LevelShare[], size: number): LevelShare[] =>
    shares.map(({ level, share }) => ({ level, share: (share * size) / (before + now) }))
  return [
    ...scaled(levelShares(previous, params, prefix + PREVIOUS), before),
    ...scaled(levelShares(present, params, prefix + PRESENT), now),
  ]
}

const rootMeanSquare = (params: HostTensors, name: string): number => {
  const tensor = params[name]
  if (tensor === undefined) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'nn/missing-parameter',
      `levelShares: there is no parameter '${name}'. Give every parameter of the model, by its name.`,
    )
  }
  return Math.sqrt(Array.from(tensor.data).reduce((sum, x) => sum + x * x, 0) / tensor.data.length)
}
