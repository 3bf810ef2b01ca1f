import { KicError } from '@kic/core'
import type { LevelEncoder } from './level-encoder.ts'

/** The class of the coarser level that a class belongs to; `undefined` for a class it does not know. */
export type ParentOf = (label: string) => string | undefined

/**
 * Whether two encoders can be fused: equal hidden sizes, unless the previous one's states are projected, and one
 * vocabulary.
 *
 * @throws KicError `hierarchical-fusion/hidden-size`, `hierarchical-fusion/vocabulary`
 */
export const checkEncoders = (previous: LevelEncoder, present: LevelEncoder, projection: boolean): void => {
  if (previous.hiddenSize !== present.hiddenSize && !projection) {
    throw new KicError(
      'hierarchical-fusion/hidden-size',
      `hierarchicalFusion: the previous level '${previous.level}' has hidden states of ${previous.hiddenSize}, the present level '${present.level}' of ${present.hiddenSize}, and they are added. Take encoders of one size, or set projection: true.`,
    )
  }
  const [before, now] = [previous.vocabularySize, present.vocabularySize]
  if (before !== undefined && now !== undefined && before !== now) {
    throw new KicError(
      'hierarchical-fusion/vocabulary',
      `hierarchicalFusion: '${previous.level}' knows ${before} token ids, '${present.level}' ${now}, and both read the same ids. Take encoders of one tokenizer.`,
    )
  }
}

/**
 * Whether every class of the present level belongs to a class of the previous one.
 *
 * @throws KicError `hierarchical-fusion/hierarchy` naming a class that does not
 */
export const checkLabels = (previous: LevelEncoder, present: LevelEncoder, parentOf: ParentOf): void => {
  const fail = (what: string): never => {
    throw new KicError(
      'hierarchical-fusion/hierarchy',
      `hierarchicalFusion: ${what}. The two levels must be of one hierarchy, the previous one directly above the present.`,
    )
  }
  const parents = new Set(previous.labels ?? fail(`the level '${previous.level}' names no labels to check`))
  for (const label of present.labels ?? fail(`the level '${present.level}' names no labels to check`)) {
    const parent = parentOf(label)
    if (parent === undefined) fail(`the class '${label}' of '${present.level}' has no parent`)
    else if (!parents.has(parent)) {
      fail(
        `the class '${label}' of '${present.level}' belongs to '${parent}', which is none of the ${parents.size} classes of '${previous.level}'`,
      )
    }
  }
}
