import type { Engine, PlacedParams, RunningAverages } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { WeightAverage } from './weight-average.ts'

/** The averages of placed parameters: on the engine's device, if it has one, and otherwise in arrays. */
export class PlacedAverage {
  readonly #arrays: WeightAverage
  readonly #params: PlacedParams
  readonly #onDevice: RunningAverages | undefined

  /** @param arrays the averages to start from; with a device, they stay as they are */
  constructor(engine: Engine, params: PlacedParams, arrays: WeightAverage) {
    this.#arrays = arrays
    this.#params = params
    this.#onDevice = engine.averages?.(params, arrays.tensors())
  }

  /** Adds the weights after update number `step`, from 1. */
  async update(step: number): Promise<void> {
    if (this.#onDevice === undefined) this.#arrays.update(await this.#params.read(), step)
    else await this.#onDevice.update(this.#arrays.kept(step))
  }

  /** The averages alone. */
  async tensors(): Promise<HostTensors> {
    return (await this.#onDevice?.read()) ?? this.#arrays.tensors()
  }

  /** All parameters, with averages in place of the averaged ones. */
  async applied(params: HostTensors): Promise<HostTensors> {
    return { ...params, ...(await this.tensors()) }
  }

  dispose(): void {
    this.#onDevice?.dispose()
  }
}
