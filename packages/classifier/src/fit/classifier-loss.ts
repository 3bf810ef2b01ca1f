import { defined } from '@kic/core'
import { type Scalar, type Tensor, withoutLossWeights } from '@kic/engine'
import {
  accuracyLoss,
  crossEntropy,
  distillationLoss,
  expectedAccuracyLoss,
  focalLoss,
  hierarchicalLoss,
  rDropLoss,
  type WeightedLevel,
} from '@kic/losses'
import { classifierError } from '../classifier-error.ts'

/** Further inputs of a loss. */
export interface LossOptions {
  /** Weight of each class, [C]. */
  readonly classWeights?: Tensor
  /** Share of the target spread over all classes. */
  readonly labelSmoothing?: number
}

/** The loss to minimise, from logits [B, C] and labels int32 [B]. Rows with the label -100 must not count. */
export type ClassifierLoss = (logits: Tensor, labels: Tensor, options: LossOptions) => Scalar

/** The losses of `@kic/losses`, by name. */
export const LOSS_NAMES = [
  'cross-entropy',
  'accuracy',
  'expected-accuracy',
  'focal',
  'r-drop',
  'hierarchical',
] as const
export type LossName = (typeof LOSS_NAMES)[number]

/** A loss that may run the model several times on a batch; R-Drop runs it twice. */
export type PassLoss = (logits: () => Tensor, labels: Tensor, options: LossOptions) => Scalar

const once =
  (loss: ClassifierLoss): PassLoss =>
  (logits, labels, options) =>
    loss(logits(), labels, options)

/**
 * The loss with a name, or the function itself.
 *
 * @param coarser coarser levels, for the loss `hierarchical`
 * @throws KicError `classifier/loss` if `hierarchical` has no coarser level
 */
export const passLoss = (
  loss: LossName | ClassifierLoss,
  coarser: readonly WeightedLevel[] = [],
): PassLoss => {
  if (typeof loss === 'function') return once(loss)
  switch (loss) {
    case 'cross-entropy':
      return once(crossEntropy)
    case 'accuracy':
      return once(accuracyLoss)
    case 'expected-accuracy':
      return once(expectedAccuracyLoss)
    case 'focal':
      return once(focalLoss)
    case 'r-drop':
      return (logits, labels, options) => rDropLoss([logits(), logits()], labels, options)
    case 'hierarchical':
      if (coarser.length === 0) {
        throw classifierError(
          'classifier/loss',
          'fitClassifier: the loss hierarchical needs levels above the predicted one, received none. ' +
            'Give a classification of several levels, or take cross-entropy.',
        )
      }
      return once((logits, labels, options) =>
        hierarchicalLoss(logits, labels, { ...options, levels: coarser }),
      )
  }
}

/** How much a student learns from its teacher. */
export interface Teaching {
  /** The share of the teacher in the loss of a row with a label; default 0.5. */
  readonly teacherWeight?: number | undefined
  /** Softens the probabilities of teacher and student; default 2. */
  readonly temperature?: number | undefined
}

/** A loss of labels with that of soft targets [B, C], on every pass of the model. */
export const taughtLoss = (
  loss: PassLoss,
  logits: () => Tensor,
  labels: Tensor,
  softTargets: Tensor,
  options: LossOptions & Teaching,
): Scalar => {
  const passes: Tensor[] = []
  const pass = (): Tensor => {
    const found = logits()
    passes.push(found)
    return found
  }
  const labelLoss = withoutLossWeights(() => loss(pass, labels, options))
  const [first, ...others] = passes
  return distillationLoss([defined(first), ...others], labels, softTargets, { ...options, labelLoss })
}
