import type { Engine } from '@kic/engine'
import type { GoldenCase } from '@kic/nn/testing'
import type { HostTensors } from '@kic/safetensors'

/** How one kind of reference case is computed here. */
export interface ParityCase {
  /** The number that the names of such cases begin with, for example `02`. */
  readonly id: string
  /** Further lists of tensors in `case.json`, `tensors_<variant>`, that are computed and compared like the first. */
  readonly variants?: readonly string[] | undefined
  /** Computes, from the case's inputs and the model in its folder, the outputs and gradients that it lists, by their names. */
  compute(golden: GoldenCase, folder: string, engine: Engine, variant?: string): Promise<HostTensors>
}
