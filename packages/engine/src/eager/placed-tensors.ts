import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { PlacedParams } from '../contract.ts'
import { toHost, toTensor } from '../host-tensor.ts'

/** Parameters of an eager engine: tensors on its backend. Owns them. */
export class PlacedTensors implements PlacedParams {
  readonly tensors: Record<string, tf.Tensor>

  constructor(params: HostTensors) {
    this.tensors = Object.fromEntries(
      Object.entries(params).map(([name, tensor]) => [name, tf.keep(toTensor(tensor))]),
    )
  }

  get names(): readonly string[] {
    return Object.keys(this.tensors)
  }

  async read(): Promise<HostTensors> {
    const entries = Object.entries(this.tensors).map(
      async ([name, tensor]): Promise<[string, HostTensor]> => [name, await toHost(tensor)],
    )
    return Object.fromEntries(await Promise.all(entries))
  }

  /** Replaces a parameter by `tensor` and frees the old one. */
  replace(name: string, tensor: tf.Tensor): void {
    this.tensors[name]?.dispose()
    this.tensors[name] = tf.keep(tensor)
  }

  dispose(): void {
    tf.dispose(Object.values(this.tensors))
    for (const name of this.names) delete this.tensors[name]
  }
}
