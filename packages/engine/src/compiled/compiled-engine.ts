import type { HostTensor, HostTensors } from '@kic/safetensors'
import type {
  CompiledFunction,
  Engine,
  PlacedParams,
  TensorFunction,
  TrainStep,
  TrainStepOptions,
} from '../contract.ts'
import { foreignParams } from '../foreign-params.ts'
import { optimize } from '../optimize/optimize.ts'
import { nestedProfile } from '../profile/nested-profile.ts'
import { type Profile, profileOf } from '../profile/profile.ts'
import { compileFunction } from './compile-function.ts'
import { CompiledTrainStep } from './compiled-train-step.ts'
import { HostClock } from './host-clock.ts'
import type { OnnxRuntime, OrtTensor } from './onnx-runtime.ts'
import { PlacedArrays } from './placed-arrays.ts'
import { Program, type SessionOptions } from './program.ts'
import { ProgramCache } from './program-cache.ts'
import { SessionProfiler } from './session-profiler.ts'

export interface CompiledEngineOptions {
  /** Number of compiled shapes that one function keeps; default 12. */
  readonly cacheSize?: number | undefined
  /** ONNX Runtime session options that override the defaults, e.g. `{ intraOpNumThreads: 4 }`. */
  readonly session?: SessionOptions | undefined
  /**
   * ONNX Runtime, in browsers `onnxruntime-web/webgpu` with the paths of its WebAssembly set. Default: the module that
   * `import('onnxruntime-node')` finds, which bundlers for browsers replace by `onnxruntime-web`.
   */
  readonly runtime?: OnnxRuntime | undefined
}

/** Records tensor functions and runs them in ONNX Runtime. */
export class CompiledEngine implements Engine {
  readonly name = 'compiled'
  readonly #wrapped = new WeakMap<HostTensor, OrtTensor>()
  readonly #caches = new Set<ProgramCache<Program>>()
  readonly #clock = new HostClock()
  #profiler: SessionProfiler | undefined
  readonly #runtime: OnnxRuntime
  readonly #options: CompiledEngineOptions

  constructor(
    runtime: OnnxRuntime,
    readonly description: string,
    options: CompiledEngineOptions = {},
  ) {
    this.#runtime = runtime
    this.#options = options
  }

  place(params: HostTensors): PlacedParams {
    return new PlacedArrays(params)
  }

  compile(fn: TensorFunction): CompiledFunction {
    return compileFunction(fn, {
      cache: this.#newCache(),
      held: (params) => this.#arraysOf(params),
      compile: (graph) => this.#program(optimize(graph)),
      run: (program, inputs) => program.run(inputs),
    })
  }

  trainStep(options: TrainStepOptions): TrainStep {
    const params = options.params
    if (!(params instanceof PlacedArrays)) throw foreignParams('trainStep')
    const cache = this.#newCache()
    const step = new CompiledTrainStep(params, options, cache, (graph) => this.#program(graph), this.#clock)
    return Object.assign(step.run.bind(step), {
      state: () => step.state(),
      restore: (state: Parameters<typeof step.restore>[0]) => step.restore(state),
      dispose: () => cache.dispose(),
    })
  }

  async profile(
    work: () => Promise<unknown>,
    { rounds = 3 }: { readonly rounds?: number | undefined } = {},
  ): Promise<Profile> {
    if (this.#profiler !== undefined) throw nestedProfile()
    const profiler = new SessionProfiler()
    this.#profiler = profiler
    this.#forgetPrograms()
    try {
      await work()
      profiler.start()
      this.#clock.start()
      for (let i = 0; i < rounds; i++) await work()
      return profileOf([...profiler.stop(), ...this.#clock.stop()], rounds)
    } finally {
      this.#profiler = undefined
      this.#clock.stop()
      this.#forgetPrograms()
      profiler.dispose()
    }
  }

  /** Forgets every program; each is compiled again when it is next used. */
  #forgetPrograms(): void {
    for (const cache of this.#caches) cache.dispose()
  }

  dispose(): void {
    for (const cache of this.#caches) cache.dispose()
    this.#caches.clear()
  }

  #newCache(): ProgramCache<Program> {
    const cache = new ProgramCache<Program>(this.#options.cacheSize ?? 12)
    this.#caches.add(cache)
    return cache
  }

  #program(graph: Parameters<typeof Program.compile>[1]): Promise<Program> {
    return Program.compile(
      this.#runtime,
      graph,
      (tensor) => this.#wrap(tensor),
      {
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        // Memory patterns reserve the memory of a run twice and save no time.
        enableMemPattern: false,
        // Idle threads spin only as long as the next operator usually takes to arrive. Longer spinning gains nothing and takes cores from other programs.
        extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '200' } } },
        ...this.#options.session,
      },
      this.#profiler,
    )
  }

  /** ONNX Runtime's view of a host tensor: the same memory. */
  #wrap(tensor: HostTensor): OrtTensor {
    const known = this.#wrapped.get(tensor)
    if (known !== undefined) return known
    const made = new this.#runtime.Tensor(tensor.dtype, tensor.data, tensor.shape)
    this.#wrapped.set(tensor, made)
    return made
  }

  #arraysOf(params: PlacedParams): HostTensors {
    if (!(params instanceof PlacedArrays)) throw foreignParams('compile')
    return Object.fromEntries(params.tensors)
  }
}
