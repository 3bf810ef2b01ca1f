import { defined, KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { prefixed } from '../compiled/input-names.ts'
import type { ProgramCache } from '../compiled/program-cache.ts'
import type { RunningAverages } from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { checkHostTensors } from '../host-tensor.ts'
import { sameShape } from '../record/graph.ts'
import type { Device } from './device.ts'
import type { DeviceProgram } from './device-program.ts'
import type { DeviceTensor } from './device-tensor.ts'
import type { PlacedOnDevice } from './placed-on-device.ts'
import { averages } from './update-graphs.ts'

/** Averages of parameters in the device's memory; only their share goes up at an update. Owns the averages. */
export class DeviceAverages implements RunningAverages {
  readonly #device: Device
  readonly #params: PlacedOnDevice
  readonly #initial: HostTensors
  readonly #program: ProgramCache<DeviceProgram>
  readonly #averages = new Map<string, DeviceTensor>()

  /** @throws KicError `engine/averages` for averages that are not those of float32 parameters */
  constructor(device: Device, params: PlacedOnDevice, initial: HostTensors) {
    checkHostTensors('averages', initial)
    const wrong = Object.entries(initial).find(([name, average]) => {
      const parameter = params.types[name]
      return parameter?.dtype !== 'float32' || !sameShape(average.shape, parameter.shape)
    })
    if (wrong !== undefined) throw notAveraged(wrong[0])
    this.#device = device
    this.#params = params
    this.#initial = initial
    this.#program = device.cache()
  }

  async update(kept: number): Promise<void> {
    const names = Object.keys(this.#initial)
    if (names.length === 0) return
    await this.#start()
    const params = await this.#params.tensors()
    const now = Object.fromEntries(names.map((name) => [name, defined(params[name])]))
    const { device } = await this.#program.with(
      'averages',
      () => this.#device.compile('averages', averages(now), () => true),
      (program) =>
        program.run({
          ...prefixed('a/', Object.fromEntries(this.#averages)),
          ...prefixed('p/', now),
          kept: { dtype: 'float32', shape: [], data: Float32Array.of(kept) },
        }),
    )
    for (const name of names) this.#replace(name, defined(device[`new/${name}`]))
  }

  async #start(): Promise<void> {
    if (this.#averages.size > 0) return
    for (const [name, tensor] of Object.entries(await this.#device.upload(this.#initial)))
      this.#replace(name, tensor)
  }

  #replace(name: string, tensor: DeviceTensor): void {
    this.#averages.get(name)?.dispose()
    this.#averages.set(name, tensor)
  }

  async read(): Promise<HostTensors> {
    if (this.#averages.size > 0) return this.#device.download(Object.fromEntries(this.#averages))
    return Object.fromEntries(
      Object.entries(this.#initial).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
    )
  }

  dispose(): void {
    this.#program.dispose()
    for (const tensor of this.#averages.values()) tensor.dispose()
    this.#averages.clear()
  }
}

const notAveraged = (name: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/averages',
    `averages: every average must have the shape of a float32 parameter, received another for "${name}". Start from ` +
      'copies of the parameters.',
  )
