import { type AncestorLevel, ancestorFault } from '@kic/classification'
import { KicError } from '@kic/core'
import type { HierarchicalFusionErrorCode } from './error-code.ts'
import type { LevelEncoder } from './level-encoder.ts'

/**
 * Whether two encoders can be fused: equal hidden sizes, unless the previous one's states are projected, and one
 * vocabulary.
 *
 * @throws KicError `hierarchical-fusion/hidden-size`, `hierarchical-fusion/vocabulary`
 */
export const checkEncoders = (previous: LevelEncoder, present: LevelEncoder, projection: boolean): void => {
  if (previous.hiddenSize !== present.hiddenSize && !projection) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/hidden-size',
      `hierarchicalFusion: the previous level '${previous.level}' has hidden states of ${previous.hiddenSize}, the present level '${present.level}' of ${present.hiddenSize}, and they are added. Take encoders of one size, or set projection: true.`,
    )
  }
  const [before, now] = [previous.vocabularySize, present.vocabularySize]
  if (before !== undefined && now !== undefined && before !== now) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/vocabulary',
      `hierarchicalFusion: '${previous.level}' knows ${before} token ids, '${present.level}' ${now}, and both read the same ids. Take encoders of one tokenizer.`,
    )
  }
}

/**
 * Whether every class of the present level belongs to a class of the previous one.
 *
 * @param above the previous level, seen from the classes of the present one
 * @throws KicError `hierarchical-fusion/hierarchy` naming a class that does not
 */
export const checkLabels = (previous: LevelEncoder, present: LevelEncoder, above: AncestorLevel): void => {
  const fail = (what: string): never => {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/hierarchy',
      `hierarchicalFusion: ${what}. The two levels must be of one classification, the previous one directly above the present.`,
    )
  }
  const known = new Set(previous.labels ?? fail(`the level '${previous.level}' names no labels to check`))
  const labels = present.labels ?? fail(`the level '${present.level}' names no labels to check`)
  const fault = ancestorFault(above, labels.length)
  if (fault !== undefined) fail(fault)
  labels.forEach((label, c) => {
    const ancestor = above.labels[above.ofClass[c] ?? -1] ?? ''
    if (!known.has(ancestor)) {
      fail(
        `the class '${label}' of '${present.level}' belongs to '${ancestor}', which is none of the ${known.size} classes of '${previous.level}'`,
      )
    }
  })
}
