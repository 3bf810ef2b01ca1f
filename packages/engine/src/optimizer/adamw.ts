import type { AdamW } from '../contract.ts'

/** The numbers of one AdamW update of one parameter, bias corrections folded in. */
export interface AdamWScalars {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Factor on the parameter before the update (`pytorch`) or after it (`huggingface`). */
  readonly decay: number
  readonly decayAfter: boolean
  /** The step is `stepSize · m / (√v · rootScale + ε)`. */
  readonly stepSize: number
  readonly rootScale: number
}

/**
 * Scalars of update number `step` (from 1) for a parameter.
 *
 * `pytorch`: p ← p(1 - lr·λ); p ← p - lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε), torch.optim.AdamW.
 * `huggingface`: p ← p - lr·√(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε); p ← p(1 - lr·λ), transformers.AdamW of v4.
 */
export const adamwScalars = (
  options: AdamW,
  name: string,
  learningRate: number,
  step: number,
): AdamWScalars => {
  const own = options.perParameter?.(name) ?? {}
  const lr = learningRate * (own.learningRateScale ?? 1)
  const beta1 = options.beta1 ?? 0.9
  const beta2 = options.beta2 ?? 0.999
  const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step]
  const huggingface = options.variant === 'huggingface'
  return {
    beta1,
    beta2,
    epsilon: options.epsilon ?? (huggingface ? 1e-6 : 1e-8),
    decay: 1 - lr * (own.weightDecay ?? (own.rows === 'touched' ? 0 : decayOf(options))),
    decayAfter: huggingface,
    stepSize: huggingface ? (lr * Math.sqrt(correction2)) / correction1 : lr / correction1,
    rootScale: huggingface ? 1 : 1 / Math.sqrt(correction2),
  }
}

const decayOf = ({ weightDecay, variant }: AdamW): number =>
  weightDecay ?? (variant === 'huggingface' ? 0 : 0.01)

/** Whether an update changes only the rows of this parameter that have a gradient. */
export const updatesTouchedRows = (options: AdamW, name: string): boolean =>
  options.perParameter?.(name)?.rows === 'touched'

/** Factor that brings a gradient of the given norm to at most `maxGradNorm`, as torch.nn.utils.clip_grad_norm_. */
export const clipFactor = (gradNorm: number, maxGradNorm: number | undefined): number =>
  maxGradNorm === undefined ? 1 : Math.min(1, maxGradNorm / (gradNorm + 1e-6))
