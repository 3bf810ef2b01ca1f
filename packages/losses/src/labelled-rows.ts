import { KicError } from '@kic/core'
import type { Scalar, Tensor } from '@kic/engine'
import { declareLossWeight, declareRange } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { LossesErrorCode } from './error-code.ts'

/** Which rows count, and how much. */
export interface RowOptions {
  /** Rows with this label do not count, as padding rows and unmasked tokens; default -100, as in PyTorch. */
  readonly ignoreIndex?: number | undefined
  /** A factor for each class, [C]; the mean is then weighted, as in PyTorch. */
  readonly classWeights?: Tensor | undefined
}

/** Rows of logits with their labels, as losses look at them. */
export interface LabelledRows {
  /** C. */
  readonly classes: number
  /** [B, C] */
  readonly logProbabilities: Tensor
  /** Logarithm of the label's probability, [B]; 0 where a row does not count. */
  readonly ofLabel: Tensor
  /** 1 for rows that count, else 0, [B]. */
  readonly counted: Tensor
  /** `counted`, times the weight of the row's class, [B]. */
  readonly weights: Tensor
}

/**
 * Rows as a loss looks at them. Their weights become the weight of the loss, by which a training step accumulates.
 *
 * @throws KicError `losses/shape`, `losses/one-class`
 */
export const labelledRows = (
  caller: string,
  logits: Tensor,
  labels: Tensor,
  { ignoreIndex = -100, classWeights }: RowOptions,
): LabelledRows => {
  const classes = checkedLabels(caller, logits, labels, ignoreIndex)
  const counted = labels.notEqual(tf.scalar(ignoreIndex, 'int32')).cast('float32') // [B]
  const oneHot = tf.oneHot(labels.cast('int32'), classes).cast('float32') // [B, C]
  const logProbabilities = tf.logSoftmax(logits)
  const weights = classWeights ? counted.mul(oneHot.mul(classWeights).sum(1)) : counted
  declareLossWeight(atLeast(weights.sum()))
  return {
    classes,
    logProbabilities,
    ofLabel: logProbabilities.mul(oneHot).sum(1),
    counted,
    weights,
  }
}

/** `Σ values · weights / Σ weights` over rows, [B] each → scalar; 0 where all weights are. */
export const weightedMean = (values: Tensor, weights: Tensor): Scalar =>
  values.mul(weights).sum().div(atLeast(weights.sum())).asScalar()

/** A sum of weights that can be divided by: a training step takes so small a one for none. */
export const atLeast = (total: Tensor): Tensor => tf.maximum(total, 1e-30)

/**
 * C, after checking that logits are [B, C] and labels [B], and that there are at least two classes.
 *
 * @throws KicError `losses/shape`, `losses/one-class`
 */
export const checkedClasses = (caller: string, logits: Tensor, labels: Tensor): number => {
  const [batch, classes] = logits.shape
  if (logits.rank !== 2 || classes === undefined || labels.rank !== 1 || labels.shape[0] !== batch) {
    throw new KicError<LossesErrorCode>(
      'losses/shape',
      `${caller}: logits must be [B, C] and labels [B], received [${logits.shape}] and [${labels.shape}]. Reshape them.`,
    )
  }
  if (classes < 2) {
    throw new KicError<LossesErrorCode>(
      'losses/one-class',
      `${caller}: the logits must have at least two classes, received ${classes}. Train with more classes.`,
    )
  }
  return classes
}

/**
 * C, after the checks of `checkedClasses`; an engine also checks the labels themselves, wherever they come from.
 *
 * @throws KicError `losses/shape`; where an engine runs the loss, `engine/out-of-range` for a label without a class
 */
export const checkedLabels = (
  caller: string,
  logits: Tensor,
  labels: Tensor,
  ignoreIndex: number,
): number => {
  const classes = checkedClasses(caller, logits, labels)
  declareRange(labels, {
    what: 'label',
    below: classes,
    except: ignoreIndex,
    advice: `There are ${classes} classes; correct the label, or make the model as wide as there are classes.`,
  })
  return classes
}

/**
 * `value`, after checking that it is a finite number and not below `least`.
 *
 * @throws KicError with that code
 */
export const checkedNumber = (
  code: LossesErrorCode,
  caller: string,
  name: string,
  value: number,
  least: number,
): number => {
  if (Number.isFinite(value) && value >= least) return value
  throw new KicError<LossesErrorCode>(
    code,
    `${caller}: ${name} must be a number of at least ${least}, received ${value}. Correct it.`,
  )
}
