import type { HostTensor, HostTensors } from '@kic/safetensors'
import { initialize } from './initialize.ts'
import { matchParameters } from './match-parameters.ts'
import type { ParamSpec } from './param-spec.ts'

export interface InitializedFrom {
  /** Every parameter that was asked for, in the order of the list. */
  readonly params: HostTensors
  /** Those that no checkpoint held: drawn from the seed. */
  readonly fresh: readonly string[]
  /** What the checkpoint holds beyond. */
  readonly unused: readonly string[]
}

/**
 * A model's first parameters: taken from a checkpoint where it has them, fresh where it lacks them. An empty checkpoint
 * gives what `initialize` gives.
 *
 * @throws KicError `nn/parameter-shape`, `nn/parameter-dtype`, `nn/duplicate-parameter`, `nn/initializer`
 */
export const initializeFrom = (
  specs: readonly ParamSpec[],
  checkpoint: HostTensors,
  seed: number,
): InitializedFrom => {
  const { params: found, missing, unexpected } = matchParameters(specs, checkpoint)
  const drawn = initialize(missing, seed)
  const params: Record<string, HostTensor> = {}
  for (const { name } of specs) {
    const tensor = found[name] ?? drawn[name]
    if (tensor) params[name] = tensor
  }
  return { params, fresh: Object.keys(drawn), unused: unexpected }
}
