import type { HostTensors } from '@kic/safetensors'
import type { Profile } from './profile/profile.ts'
import type { RowName } from './range-rule.ts'
import type { Tensor } from './tensor.ts'

/** Tensors by name, inside a tensor function. */
export type Tensors = Readonly<Record<string, Tensor>>

/** The services of an engine for a running tensor function. */
export interface Context {
  /** Whether dropout and similar operations are active. */
  readonly training: boolean
  /**
   * Inverted dropout (Srivastava et al. 2014): zeroes each element with probability `rate` and scales the rest by
   * `1 / (1 - rate)`. Outside training it returns `x` itself. Each call is its own site with its own mask, which
   * depends on the run's seed, the step and the call order.
   */
  dropout(x: Tensor, rate: number): Tensor
}

/** A pure function of named parameters and named inputs, in TensorFlow.js. It must not read tensor values. */
export type TensorFunction = (params: Tensors, feeds: Tensors, ctx: Context) => Tensors

/**
 * A scalar loss, alone or with further tensors to report, such as the number of correct rows.
 *
 * A loss is a mean. Micro-batches contribute to an update in proportion to the weight of the mean: a scalar `weight`
 * beside the loss, such as the number of rows that count; otherwise the weight that the losses of `@kic/losses` declare
 * (`declareLossWeight`); otherwise the `weights` of the step.
 */
export type LossFunction = (
  params: Tensors,
  batch: Tensors,
  ctx: Context,
) => Tensor | (Readonly<Record<string, Tensor>> & { readonly loss: Tensor })

/**
 * Parameters on the engine. The compiled engine uses the caller's arrays directly, until a training step moves its
 * trainable parameters next to their gradients and moments.
 */
export interface PlacedParams {
  readonly names: readonly string[]
  /** The current values. The compiled engine returns the live arrays, eager ones copies. */
  read(): Promise<HostTensors>
  dispose(): void
}

/** Exponential moving averages of placed parameters, beside them on the device. */
export interface RunningAverages {
  /**
   * Adds the current parameters: `average = kept · average + (1 - kept) · parameter`.
   *
   * @param kept the share of the old averages, from 0 to 1
   */
  update(kept: number): Promise<void>
  /** Copies of the averages. */
  read(): Promise<HostTensors>
  dispose(): void
}

export interface CallOptions {
  /** The function name that starts an error about a feed; default `compile`. */
  readonly caller?: string | undefined
  /** The name of a feed's row in errors; default: its number. */
  readonly rowName?: RowName | undefined
}

/** Runs a recorded function. Each combination of feed shapes is compiled once and kept in a bounded cache. */
export interface CompiledFunction {
  /** @throws KicError `engine/out-of-range` for feeds with class numbers or ids outside the function's range. */
  (params: PlacedParams, feeds: HostTensors, options?: CallOptions): Promise<HostTensors>
  dispose(): void
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101).
 *
 * `pytorch` decays before the moment update and adds epsilon to the bias-corrected root, as `torch.optim.AdamW`.
 * `huggingface` adds epsilon to the uncorrected root and decays afterwards, as `transformers.AdamW` of v4.
 */
export interface AdamW {
  readonly kind: 'adamw'
  readonly variant?: 'pytorch' | 'huggingface' | undefined
  readonly beta1?: number | undefined
  readonly beta2?: number | undefined
  readonly epsilon?: number | undefined
  readonly weightDecay?: number | undefined
  /** Overrides for a parameter, by its name. */
  readonly perParameter?:
    | ((name: string) => {
        readonly weightDecay?: number | undefined
        readonly learningRateScale?: number | undefined
        /**
         * The rows of a matrix that an update changes. `all` (default). `touched`: those with a nonzero gradient in the
         * step; others keep their values and moments, as in `torch.optim.SparseAdam`. An update of a large table of which a
         * batch uses few rows then costs as much as these rows. Its weight decay is 0 unless it is set here.
         */
        readonly rows?: 'all' | 'touched' | undefined
      })
    | undefined
  /** Gradients are scaled so that their global 2-norm does not exceed this. */
  readonly maxGradNorm?: number | undefined
}

export interface TrainStepOptions {
  readonly params: PlacedParams
  readonly loss: LossFunction
  /** The parameters to differentiate and update; all others are frozen. Default: all. */
  readonly trainable?: ((name: string) => boolean) | undefined
  readonly optimizer: AdamW
  /** The seed of dropout. */
  readonly seed: number
}

export interface StepSettings {
  readonly learningRate: number
  /**
   * How micro-batches combine in loss and gradient. `exact` (default): by the weight that the loss declares, otherwise
   * by `weights`, so that an update equals that of one large batch. `equal`: the mean of their means, as in
   * transformers before 4.46.
   */
  readonly accumulationMean?: 'exact' | 'equal' | undefined
  /** Rows or tokens of each micro-batch, for a loss that declares no weight; default: equal shares. */
  readonly weights?: readonly number[] | undefined
  /** The name of a micro-batch's row in errors; default: its number and that of its micro-batch. */
  readonly rowName?: ((row: number, microBatch: number) => string) | undefined
}

export interface StepResult {
  /** Weighted mean of the micro-batches' losses. */
  readonly loss: number
  /** Global 2-norm of the gradient before clipping. */
  readonly gradNorm: number
  /** The weight of `loss`, if the loss declares one: the sum over micro-batches. */
  readonly weight?: number | undefined
  /** The loss and further tensors that the loss function returned, one entry per micro-batch. */
  readonly outputs: readonly HostTensors[]
}

/** Optimizer moments and the number of updates: with the parameters, the whole state of a resumed run. */
export interface OptimizerState {
  readonly step: number
  /** `<parameter>.m` and `<parameter>.v`. */
  readonly moments: HostTensors
}

/** Forward pass, backward pass and update. Micro-batches are accumulated before the single update. */
export interface TrainStep {
  /**
   * @throws KicError `engine/out-of-range` for feeds with labels or ids outside the loss's range, before anything is
   * updated; `engine/loss-weights` if exact accumulation is impossible; `engine/weights`
   */
  (microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult>
  /** A consistent copy of the state, safe to keep while training continues. */
  state(): Promise<OptimizerState>
  restore(state: OptimizerState): Promise<void>
  dispose(): void
}

/** What an engine holds in the memory of a device, such as a GPU, and has copied. It counts where it does so. */
export interface DeviceUse {
  /** Tensors on the device that are not freed: parameters, averages, moments and pools of dropout masks. */
  readonly tensors: number
  /** The bytes of those tensors. */
  readonly bytes: number
  /** Compiled programs that are not freed. Each has the constants and the activations of its shapes. */
  readonly programs: number
  /** Bytes of tensors that were copied to the device since the engine started. */
  readonly uploaded: number
  /** Bytes of tensors that were copied from the device since the engine started. */
  readonly downloaded: number
}

/** One contract for all ways of running tensor functions. */
export interface Engine {
  readonly name: 'compiled' | 'webgpu' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu'
  /** One line: the engine, and the reason for its choice. */
  readonly description: string
  /** The use of a device until now; `undefined` for engines that compute in the process's memory. */
  readonly device?: DeviceUse | undefined
  place(params: HostTensors): PlacedParams
  compile(fn: TensorFunction): CompiledFunction
  trainStep(options: TrainStepOptions): TrainStep
  /**
   * Averages float32 parameters without copies to the host. Only engines with a `device` have it; on others, reading the
   * parameters costs nothing or little.
   *
   * @param initial the averages to start from; only these parameters are averaged
   */
  averages?(params: PlacedParams, initial: HostTensors): RunningAverages
  /**
   * Measures the time of `work` by operator. `work` runs once to warm up and then `rounds` times, default 3. Everything
   * that it runs on this engine is measured. The compiled engine compiles it again before and after.
   */
  profile(work: () => Promise<unknown>, options?: { readonly rounds?: number | undefined }): Promise<Profile>
  dispose(): void
}
