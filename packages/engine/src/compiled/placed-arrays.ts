import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { PlacedParams } from '../contract.ts'
import { checkHostTensors } from '../host-tensor.ts'

/** Parameters of the compiled engine: arrays in host memory that ONNX Runtime reads in place. */
export class PlacedArrays implements PlacedParams {
  readonly tensors: Map<string, HostTensor>

  constructor(params: HostTensors) {
    checkHostTensors('place', params)
    this.tensors = new Map(Object.entries(params))
  }

  get names(): readonly string[] {
    return [...this.tensors.keys()]
  }

  async read(): Promise<HostTensors> {
    return Object.fromEntries(this.tensors)
  }

  dispose(): void {
    this.tensors.clear()
  }
}
