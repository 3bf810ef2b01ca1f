import { type AncestorLevel, ancestorFault } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { LossesErrorCode } from './error-code.ts'
import {
  checkedClasses,
  checkedNumber,
  labelledRows,
  type RowOptions,
  weightedMean,
} from './labelled-rows.ts'

/** A level above the one that is predicted, as `ancestorLevels` of `@kic/classification` gives it. */
export interface WeightedLevel extends AncestorLevel {
  /** Factor of this level's cross-entropy. */
  readonly weight: number
}

export interface HierarchicalLossOptions extends RowOptions {
  /** Any number of levels, for three-level codes the divisions and sections of the groups. */
  readonly levels: readonly WeightedLevel[]
  /** Factor of the cross-entropy of the predicted classes themselves; default 1. */
  readonly weight?: number | undefined
}

/** Far below every logarithm of a probability, and still finite. */
const EXCLUDED = -1e9

/**
 * Cross-entropy on every level of a hierarchy from the logits of the finest: a coarser class has the summed probability
 * of the classes that belong to it. The loss is `Σ weight · -log p(class of that level)`, so that a wrong group of the
 * right division costs less than one of another section.
 *
 * The hierarchical cross-entropy of Bertinetto et al. 2020 (arXiv:1912.09393, section 3.1), whose factor of a level's
 * conditional probability is the sum of the weights of that level and all finer ones.
 *
 * @param logits of the finest level, [B, C]
 * @param labels of the finest level, int32 [B]; the coarser ones follow from `ofClass`
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/hierarchy`, `losses/weight`
 */
export const hierarchicalLoss = (
  logits: Tensor,
  labels: Tensor,
  { levels, weight = 1, ...options }: HierarchicalLossOptions,
): Scalar => {
  const classes = checkedClasses('hierarchicalLoss', logits, labels)
  checkedNumber('losses/weight', 'hierarchicalLoss', 'the weight of the finest level', weight, 0)
  for (const level of levels) checkLevel(level, classes)
  return tf.tidy(() => {
    const { logProbabilities, ofLabel, counted, weights } = labelledRows(
      'hierarchicalLoss',
      logits,
      labels,
      options,
    )
    // Rows that do not count need some class, too.
    const known = labels.cast('int32').mul(counted.cast('int32')) // [B]
    const total = levels.reduce((sum: Tensor, { ofClass, weight: factor }) => {
      const classOf = tf.tensor1d(ofClass, 'int32') // [C]
      const wanted = tf.gather(classOf, known).expandDims(1) // [B, 1]
      const siblings = wanted.equal(classOf.expandDims(0)).cast('float32') // [B, C]
      const ofParent = tf.logSumExp(logProbabilities.add(tf.sub(1, siblings).mul(EXCLUDED)), 1) // [B]
      return sum.add(ofParent.mul(factor))
    }, ofLabel.mul(weight))
    return weightedMean(total, weights).neg().asScalar()
  })
}

const checkLevel = (level: WeightedLevel, classes: number): void => {
  checkedNumber('losses/weight', 'hierarchicalLoss', `the weight of '${level.name}'`, level.weight, 0)
  const fault = ancestorFault(level, classes)
  if (fault !== undefined)
    throw new KicError<LossesErrorCode>(
      'losses/hierarchy',
      `hierarchicalLoss: ${fault}. Take the levels from ancestorLevels, for the classes of the logits.`,
    )
}
