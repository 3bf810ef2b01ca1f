import type { HostTensor, HostTensors } from '@kic/safetensors'
import { initialize } from './initialize.ts'
import { matchParameters } from './match-parameters.ts'
import type { ParamSpec } from './param-spec.ts'

export interface InitializedFrom {
  /** All requested parameters, in the order of the list. */
  readonly params: HostTensors
  /** Names of parameters that the checkpoint lacks; they are drawn from the seed. */
  readonly fresh: readonly string[]
  /** Names of tensors in the checkpoint that are not requested. */
  readonly unused: readonly string[]
}

/**
 * A model's initial parameters: from a checkpoint if it has them, otherwise fresh. An empty checkpoint gives the same
 * as `initialize`.
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
