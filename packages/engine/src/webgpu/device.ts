import type { HostTensors } from '@kic/safetensors'
import type { CompiledEngineOptions } from '../compiled/compiled-engine.ts'
import { HostClock } from '../compiled/host-clock.ts'
import type { OnnxRuntime, OrtTensor } from '../compiled/onnx-runtime.ts'
import { ProgramCache } from '../compiled/program-cache.ts'
import type { DeviceUse } from '../contract.ts'
import { signature, type TensorTypes } from '../host-tensor.ts'
import { type Graph, sizeOf, type Value } from '../record/graph.ts'
import { GraphBuilder } from '../record/graph-builder.ts'
import { DeviceProgram } from './device-program.ts'
import type { DeviceCounts, DeviceTensor, DeviceTensors, TensorOwner } from './device-tensor.ts'

/** ONNX Runtime's WebGPU device: makes programs, moves tensors, and counts those that it holds. */
export class Device implements TensorOwner {
  readonly clock = new HostClock()
  readonly counts: DeviceCounts = { programs: 0, uploaded: 0, downloaded: 0 }
  readonly #runtime: OnnxRuntime
  readonly #options: CompiledEngineOptions
  readonly #transfers: ProgramCache<DeviceProgram>
  readonly #live = new Set<DeviceTensor>()

  constructor(runtime: OnnxRuntime, options: CompiledEngineOptions) {
    this.#runtime = runtime
    this.#options = options
    this.#transfers = this.cache()
  }

  get use(): DeviceUse {
    let bytes = 0
    for (const { shape } of this.#live) bytes += 4 * sizeOf(shape)
    return { tensors: this.#live.size, bytes, ...this.counts }
  }

  /**
   * Compiles a recorded graph.
   *
   * @param work its name in a profile
   * @param stays whether an output stays on the device; default: none
   */
  compile(
    work: string,
    graph: Graph,
    stays: (output: string) => boolean = () => false,
  ): Promise<DeviceProgram> {
    return DeviceProgram.compile(this, this.#runtime, { work, graph, stays }, this.#options.session)
  }

  cache(): ProgramCache<DeviceProgram> {
    return new ProgramCache<DeviceProgram>(this.#options.cacheSize ?? 12)
  }

  own(ort: OrtTensor, { dtype, shape }: Value, freed: () => void): DeviceTensor {
    const tensor: DeviceTensor = {
      dtype: dtype === 'int32' ? dtype : 'float32',
      shape,
      ort,
      dispose: () => {
        if (!this.#live.delete(tensor)) return
        ort.dispose()
        freed()
      },
    }
    this.#live.add(tensor)
    return tensor
  }

  async upload(tensors: HostTensors): Promise<DeviceTensors> {
    return (await this.#identity(tensors, true, tensors)).device
  }

  async download(tensors: DeviceTensors): Promise<HostTensors> {
    return (await this.#identity(tensors, false, tensors)).host
  }

  /** ONNX Runtime cannot copy a tensor of the device by itself, so both ways are a program that computes nothing. */
  #identity(types: TensorTypes, up: boolean, tensors: HostTensors | DeviceTensors) {
    return this.#transfers.with(
      `${up}|${signature(types)}`,
      () => {
        const g = new GraphBuilder()
        const outputs = Object.entries(types).map(([name, { dtype, shape }]) => ({
          name: `copy/${name}`,
          value: g.input(name, dtype, shape),
        }))
        return this.compile(up ? 'upload' : 'download', g.finish(outputs), () => up)
      },
      async (program) => {
        const { host, device } = await program.run(tensors)
        const named = <T>(results: Readonly<Record<string, T>>): Record<string, T> =>
          Object.fromEntries(
            Object.entries(results).map(([name, value]) => [name.slice('copy/'.length), value]),
          )
        return { host: named(host), device: named(device) }
      },
    )
  }

  /** Frees everything that is left. */
  dispose(): void {
    this.#transfers.dispose()
    for (const tensor of this.#live) tensor.dispose()
  }
}
