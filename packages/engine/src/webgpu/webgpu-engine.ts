import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import type { CompiledEngineOptions } from '../compiled/compiled-engine.ts'
import { prefixed } from '../compiled/input-names.ts'
import type { OnnxRuntime } from '../compiled/onnx-runtime.ts'
import { recordFunction } from '../compiled/record-function.ts'
import { checkedResults, checkFeeds, type RecordedChecks } from '../compiled/recorded-checks.ts'
import type {
  CallOptions,
  CompiledFunction,
  Engine,
  PlacedParams,
  TensorFunction,
  TrainStep,
  TrainStepOptions,
} from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { foreignParams } from '../foreign-params.ts'
import { checkHostTensors, signature } from '../host-tensor.ts'
import { type Profile, profileOf } from '../profile/profile.ts'
import { Device } from './device.ts'
import { PlacedOnDevice } from './placed-on-device.ts'
import { WebgpuTrainStep } from './webgpu-train-step.ts'

/** Records tensor functions and runs them on a GPU, in ONNX Runtime's WebGPU provider. */
export class WebgpuEngine implements Engine {
  readonly name = 'webgpu'
  readonly #device: Device
  readonly #disposables = new Set<{ dispose(): void }>()

  constructor(
    runtime: OnnxRuntime,
    readonly description: string,
    options: CompiledEngineOptions = {},
  ) {
    this.#device = new Device(runtime, options)
  }

  /** Tensors in the device's memory: those of placed parameters and of training steps. */
  get deviceTensors(): number {
    return this.#device.tensors
  }

  place(params: HostTensors): PlacedParams {
    return this.#owned(new PlacedOnDevice(this.#device, params))
  }

  compile(fn: TensorFunction): CompiledFunction {
    const cache = this.#owned(this.#device.cache())
    const checksOf = new Map<string, RecordedChecks>()
    const run = async (
      params: PlacedParams,
      feeds: HostTensors,
      { caller = 'compile', rowName }: CallOptions = {},
    ): Promise<HostTensors> => {
      checkHostTensors('compile', feeds)
      if (!(params instanceof PlacedOnDevice)) throw foreignParams('compile')
      const held = await params.tensors()
      const key = `${signature(feeds)}|${signature(held)}`
      return cache.with(
        key,
        () => {
          const { graph, checks } = recordFunction(fn, held, feeds)
          checksOf.set(key, checks)
          return this.#device.compile('inference', graph)
        },
        async (program) => {
          const checks = checksOf.get(key)
          if (checks === undefined)
            throw new KicError<EngineErrorCode>('engine/internal', 'compile: a program without checks')
          checkFeeds(caller, checks, feeds, rowName)
          const { host } = await program.run({ ...prefixed('param/', held), ...prefixed('feed/', feeds) })
          return checkedResults(caller, checks, host, rowName)
        },
      )
    }
    return Object.assign(run, { dispose: () => cache.dispose() })
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

  async profile(
    work: () => Promise<unknown>,
    { rounds = 3 }: { readonly rounds?: number | undefined } = {},
  ): Promise<Profile> {
    await work()
    this.#device.clock.start()
    try {
      for (let i = 0; i < rounds; i++) await work()
      return profileOf(this.#device.clock.stop(), rounds)
    } finally {
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
