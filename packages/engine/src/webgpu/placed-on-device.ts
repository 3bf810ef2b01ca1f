import { defined } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { PlacedParams } from '../contract.ts'
import { checkHostTensors, type TensorTypes } from '../host-tensor.ts'
import type { Device } from './device.ts'
import type { DeviceTensor } from './device-tensor.ts'

/**
 * Parameters of the WebGPU engine. They go up when they are first used. Booleans, which the provider cannot copy, stay
 * on the host.
 */
export class PlacedOnDevice implements PlacedParams {
  readonly #device: Device
  readonly #host: Map<string, HostTensor>
  readonly #up = new Map<string, DeviceTensor>()
  #upload: Promise<void> | undefined

  constructor(device: Device, params: HostTensors) {
    checkHostTensors('place', params)
    this.#device = device
    this.#host = new Map(Object.entries(params))
  }

  get names(): readonly string[] {
    return Object.keys(this.types)
  }

  get types(): TensorTypes {
    return Object.fromEntries([...this.#host, ...this.#up])
  }

  /** All tensors, on the device where possible. */
  async tensors(): Promise<Readonly<Record<string, HostTensor | DeviceTensor>>> {
    this.#upload ??= this.#goUp()
    await this.#upload
    return Object.fromEntries([...this.#host, ...this.#up])
  }

  async #goUp(): Promise<void> {
    const movable = [...this.#host].filter(([, { dtype }]) => dtype !== 'bool')
    if (movable.length === 0) return
    for (const [name, tensor] of Object.entries(await this.#device.upload(Object.fromEntries(movable)))) {
      // Parameters may have been disposed meanwhile.
      if (this.#host.delete(name)) this.#up.set(name, tensor)
      else tensor.dispose()
    }
  }

  /** Replaces a parameter on the device and frees the old one. */
  replace(name: string, tensor: DeviceTensor): void {
    defined(this.#up.get(name)).dispose()
    this.#up.set(name, tensor)
  }

  async read(): Promise<HostTensors> {
    const names = this.names
    const copies = [...this.#host].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }])
    const read: HostTensors = {
      ...Object.fromEntries(copies),
      ...(this.#up.size > 0 && (await this.#device.download(Object.fromEntries(this.#up)))),
    }
    return Object.fromEntries(names.map((name) => [name, defined(read[name])]))
  }

  dispose(): void {
    for (const tensor of this.#up.values()) tensor.dispose()
    this.#up.clear()
    this.#host.clear()
  }
}
