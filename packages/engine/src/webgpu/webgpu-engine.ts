import type { HostTensor, HostTensors } from '@kic/safetensors'
import { compileFunction } from '../compiled/compile-function.ts'
import type { CompiledEngineOptions } from '../compiled/compiled-engine.ts'
import type { OnnxRuntime } from '../compiled/onnx-runtime.ts'
import type {
  CompiledFunction,
  DeviceUse,
  Engine,
  PlacedParams,
  RunningAverages,
  TensorFunction,
  TrainStep,
  TrainStepOptions,
} from '../contract.ts'
import { foreignParams } from '../foreign-params.ts'
import { nestedProfile } from '../profile/nested-profile.ts'
import { type Profile, profileOf } from '../profile/profile.ts'
import { Device } from './device.ts'
import { DeviceAverages } from './device-averages.ts'
import type { DeviceProgram } from './device-program.ts'
import type { DeviceTensor } from './device-tensor.ts'
import { PlacedOnDevice } from './placed-on-device.ts'
import { WebgpuTrainStep } from './webgpu-train-step.ts'

/** Records tensor functions and runs them on a GPU, in ONNX Runtime's WebGPU provider. */
export class WebgpuEngine implements Engine {
  readonly name = 'webgpu'
  readonly #device: Device
  readonly #disposables = new Set<{ dispose(): void }>()
  #profiling = false

  constructor(
    runtime: OnnxRuntime,
    readonly description: string,
    options: CompiledEngineOptions = {},
  ) {
    this.#device = new Device(runtime, options)
  }

  get device(): DeviceUse {
    return this.#device.use
  }

  place(params: HostTensors): PlacedParams {
    return this.#owned(new PlacedOnDevice(this.#device, params))
  }

  compile(fn: TensorFunction): CompiledFunction {
    return compileFunction<DeviceProgram, DeviceTensor | HostTensor>(fn, {
      cache: this.#owned(this.#device.cache()),
      held: (params) => {
        if (!(params instanceof PlacedOnDevice)) throw foreignParams('compile')
        return params.tensors()
      },
      compile: (graph) => this.#device.compile('inference', graph),
      run: async (program, inputs) => (await program.run(inputs)).host,
    })
  }

  trainStep(options: TrainStepOptions): TrainStep {
    const { params } = options
    if (!(params instanceof PlacedOnDevice)) throw foreignParams('trainStep')
    const step = this.#owned(new WebgpuTrainStep(this.#device, params, options))
    return Object.assign(step.run.bind(step), {
      state: () => step.state(),
      restore: (state: Parameters<typeof step.restore>[0]) => step.restore(state),
      dispose: () => step.dispose(),
    })
  }

  averages(params: PlacedParams, initial: HostTensors): RunningAverages {
    if (!(params instanceof PlacedOnDevice)) throw foreignParams('averages')
    return this.#owned(new DeviceAverages(this.#device, params, initial))
  }

  async profile(
    work: () => Promise<unknown>,
    { rounds = 3 }: { readonly rounds?: number | undefined } = {},
  ): Promise<Profile> {
    if (this.#profiling) throw nestedProfile()
    this.#profiling = true
    try {
      await work()
      this.#device.clock.start()
      for (let i = 0; i < rounds; i++) await work()
      return profileOf(this.#device.clock.stop(), rounds)
    } finally {
      this.#profiling = false
      this.#device.clock.stop()
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose()
    this.#disposables.clear()
    this.#device.dispose()
  }

  #owned<T extends { dispose(): void }>(disposable: T): T {
    this.#disposables.add(disposable)
    return disposable
  }
}
