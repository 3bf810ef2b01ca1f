import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { inferenceContext } from '../context.ts'
import type {
  CallOptions,
  CompiledFunction,
  Engine,
  PlacedParams,
  TensorFunction,
  TrainStep,
  TrainStepOptions,
} from '../contract.ts'
import { foreignParams } from '../foreign-params.ts'
import { checkHostTensors, toTensor } from '../host-tensor.ts'
import { registerMatMulGradient } from '../matmul-gradient.ts'
import type { Profile } from '../profile/profile.ts'
import { givenOf, withRefusals } from '../refused-operation.ts'
import { userOutputs } from '../tensor-outputs.ts'
import { EagerTrainStep } from './eager-train-step.ts'
import { PlacedTensors } from './placed-tensors.ts'
import { profileKernels } from './profile-kernels.ts'
import { withRangeChecks } from './range-checks.ts'
import { readAll } from './read-all.ts'

/** Runs tensor functions operation by operation on a TensorFlow.js backend. */
export class EagerEngine implements Engine {
  readonly #disposables = new Set<{ dispose(): void }>()

  /** @param backend the TensorFlow.js backend, already initialised: 'cpu', 'wasm' or 'tensorflow'. */
  readonly #backend: string

  constructor(
    readonly name: Engine['name'],
    backend: string,
    readonly description: string,
  ) {
    this.#backend = backend
    registerMatMulGradient()
  }

  place(params: HostTensors): PlacedParams {
    checkHostTensors('place', params)
    const placed = this.#on(() => new PlacedTensors(params))
    this.#disposables.add(placed)
    return placed
  }

  compile(fn: TensorFunction): CompiledFunction {
    const run = async (
      params: PlacedParams,
      feeds: HostTensors,
      { caller = 'compile', rowName }: CallOptions = {},
    ): Promise<HostTensors> => {
      checkHostTensors('compile', feeds)
      const tensors = tensorsOf('compile', params)
      const outputs = this.#on(() =>
        tf.tidy(() => {
          const inputs = Object.fromEntries(
            Object.entries(feeds).map(([name, feed]) => [name, toTensor(feed)]),
          )
          // Clones outlive the tidy even if an output is itself a parameter or a feed.
          return Object.fromEntries(
            Object.entries(
              withRefusals(
                'compile',
                () => [...givenOf(tensors), ...givenOf(feeds)],
                () =>
                  withRangeChecks(caller, inputs, feeds, rowName, () =>
                    userOutputs('compile', fn(tensors, inputs, inferenceContext)),
                  ),
              ),
            ).map(([name, tensor]) => [name, tf.keep(tensor.clone())]),
          )
        }),
      )
      return readAll(outputs)
    }
    return Object.assign(run, { dispose: () => undefined })
  }

  trainStep(options: TrainStepOptions): TrainStep {
    tensorsOf('trainStep', options.params)
    const { params } = options
    if (!(params instanceof PlacedTensors)) throw foreignParams('trainStep')
    const step = this.#on(() => new EagerTrainStep(params, options, (body) => this.#on(body)))
    this.#disposables.add(step)
    return Object.assign(step.run.bind(step), {
      state: () => step.state(),
      restore: (state: Parameters<typeof step.restore>[0]) => step.restore(state),
      dispose: () => step.dispose(),
    })
  }

  profile(
    work: () => Promise<unknown>,
    { rounds = 3 }: { readonly rounds?: number | undefined } = {},
  ): Promise<Profile> {
    return profileKernels(work, rounds)
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose()
    this.#disposables.clear()
  }

  /** Runs `body` on this engine's backend, then restores the previous one. */
  #on<T>(body: () => T): T {
    const previous = tf.getBackend()
    if (previous === this.#backend) return body()
    void tf.setBackend(this.#backend)
    try {
      return body()
    } finally {
      if (previous) void tf.setBackend(previous)
    }
  }
}

const tensorsOf = (caller: string, params: PlacedParams): Readonly<Record<string, tf.Tensor>> => {
  if (!(params instanceof PlacedTensors)) throw foreignParams(caller)
  return params.tensors
}
