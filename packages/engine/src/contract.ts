import type { HostTensors } from '@kic/safetensors'
import type { Tensor } from '@tensorflow/tfjs'
import type { Profile } from './profile/profile.ts'
import type { RowName } from './range-rule.ts'

/** Tensors by name, inside a tensor function. */
export type Tensors = Readonly<Record<string, Tensor>>

/** What a tensor function may ask of the engine that runs it. */
export interface Context {
  /** Whether dropout and everything like it is active. */
  readonly training: boolean
  /**
   * Inverted dropout (Srivastava et al. 2014): zeroes each element with probability `rate` and scales the rest by
   * `1 / (1 - rate)`; returns `x` itself outside of training. Every call is its own site with its own mask, which
   * follows from the run's seed, the step and the order of the calls.
   */
  dropout(x: Tensor, rate: number): Tensor
}

/** A pure function of named parameters and named inputs, in TensorFlow.js. It must not read tensor values. */
export type TensorFunction = (params: Tensors, feeds: Tensors, ctx: Context) => Tensors

/**
 * A scalar loss, alone or with further tensors to report, such as the number of correct rows.
 *
 * A loss is a mean. What it is a mean over decides how micro-batches share in an update: a scalar `weight` beside the
 * loss, such as the number of rows that count; else what the losses of `@kic/losses` tell of themselves
 * (`declareLossWeight`); else the `weights` of the step.
 */
export type LossFunction = (
  params: Tensors,
  batch: Tensors,
  ctx: Context,
) => Tensor | (Readonly<Record<string, Tensor>> & { readonly loss: Tensor })

/**
 * Parameters where the engine wants them. The compiled engine takes the caller's arrays as they are, until a training
 * step moves what it trains next to its gradients and moments.
 */
export interface PlacedParams {
  readonly names: readonly string[]
  /** The current values. The compiled engine returns the live arrays, eager ones copies. */
  read(): Promise<HostTensors>
  dispose(): void
}

export interface CallOptions {
  /** The function that an error about a feed begins with; default `compile`. */
  readonly caller?: string | undefined
  /** What a row of the feeds is called in an error about it; default: its number. */
  readonly rowName?: RowName | undefined
}

/** Runs a recorded function; one compilation for each combination of feed shapes, kept in a bounded cache. */
export interface CompiledFunction {
  /** @throws KicError `engine/out-of-range` for feeds with class numbers or ids that the function has no place for. */
  (params: PlacedParams, feeds: HostTensors, options?: CallOptions): Promise<HostTensors>
  dispose(): void
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101).
 *
 * `pytorch` decays before the moment update and puts epsilon beside the bias-corrected root, as `torch.optim.AdamW`;
 * `huggingface` puts epsilon beside the uncorrected root and decays afterwards, as `transformers.AdamW` of v4.
 */
export interface AdamW {
  readonly kind: 'adamw'
  readonly variant?: 'pytorch' | 'huggingface'
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly weightDecay?: number
  /** Settings of one parameter, by its name, where they differ. */
  readonly perParameter?: (name: string) => {
    readonly weightDecay?: number
    readonly learningRateScale?: number
  }
  /** Gradients are scaled so that their global 2-norm is at most this. */
  readonly maxGradNorm?: number
}

export interface TrainStepOptions {
  readonly params: PlacedParams
  readonly loss: LossFunction
  /** Which parameters are differentiated and updated; all others are frozen. Default: all. */
  readonly trainable?: (name: string) => boolean
  readonly optimizer: AdamW
  /** The seed that dropout follows. */
  readonly seed: number
}

export interface StepSettings {
  readonly learningRate: number
  /**
   * How micro-batches share in loss and gradient. `exact` (default): by what the loss tells to be a mean over, else by
   * `weights`, so that an update equals that of one large batch; `equal`: the mean of their means, as in transformers
   * before 4.46.
   */
  readonly accumulationMean?: 'exact' | 'equal' | undefined
  /** Rows or tokens of each micro-batch, for a loss that does not tell its weight; default: equal shares. */
  readonly weights?: readonly number[] | undefined
  /** What a row of a micro-batch is called in an error about it; default: its number and that of its micro-batch. */
  readonly rowName?: ((row: number, microBatch: number) => string) | undefined
}

export interface StepResult {
  /** Weighted mean of the micro-batches' losses. */
  readonly loss: number
  /** Global 2-norm of the gradient before clipping. */
  readonly gradNorm: number
  /** What `loss` is a mean over, where the loss tells it: the sum over micro-batches. */
  readonly weight?: number | undefined
  /** The loss and further tensors that the loss function returned, one entry a micro-batch. */
  readonly outputs: readonly HostTensors[]
}

/** Optimizer moments and the number of updates made: with the parameters, all that a resumed run needs. */
export interface OptimizerState {
  readonly step: number
  /** `<parameter>.m` and `<parameter>.v`. */
  readonly moments: HostTensors
}

/** Forward, backward and update. Micro-batches are accumulated before the one update. */
export interface TrainStep {
  /**
   * @throws KicError `engine/out-of-range` for feeds with labels or ids that the loss has no place for, before anything is
   *   updated; `engine/loss-weights` where exact accumulation is not possible; `engine/weights`.
   */
  (microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult>
  /** A consistent copy of the state, safe to keep while training goes on. */
  state(): Promise<OptimizerState>
  restore(state: OptimizerState): Promise<void>
  dispose(): void
}

/** One contract for every way of running tensor functions. */
export interface Engine {
  readonly name: 'compiled' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu'
  /** One line: what runs, and why it was chosen. */
  readonly description: string
  place(params: HostTensors): PlacedParams
  compile(fn: TensorFunction): CompiledFunction
  trainStep(options: TrainStepOptions): TrainStep
  /**
   * Where the time of `work` goes, by operator: `work` is called once to warm up and then `rounds` times, default 3.
   * Whatever it runs on this engine is measured; the compiled engine compiles it anew before and after.
   */
  profile(work: () => Promise<unknown>, options?: { readonly rounds?: number }): Promise<Profile>
  dispose(): void
}
