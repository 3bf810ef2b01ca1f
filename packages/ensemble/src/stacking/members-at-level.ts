import { ancestorLevels, type NumberedLevel } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import { coarser } from '../coarser.ts'
import type { EnsembleErrorCode } from '../error-code.ts'
import type { StackMember } from './stack.ts'

/** A member's probabilities at its own level. */
export interface LevelMember {
  readonly level: string
  readonly probabilities: Probabilities
}

/**
 * Members as the classes of a level see them: those of finer levels by the sums of their classes, those of coarser ones by
 * the class above.
 */
export const membersAtLevel = (
  levels: readonly NumberedLevel[],
  level: string,
  members: readonly LevelMember[],
): readonly StackMember[] => {
  const depth = (name: string): number => levels.findIndex((one) => one.name === name)
  const above = ancestorLevels(levels, { level })
  const at = depth(level)
  return members.map(({ level: own, probabilities }): StackMember => {
    const from = depth(own)
    if (from === at) return probabilities
    const relation = from < at ? above[from] : ancestorLevels(levels, { level: own })[at]
    if (relation === undefined) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/hierarchy',
        `membersAtLevel: a member must be of one of the levels, received '${own}'. Name one of them.`,
      )
    }
    return from < at ? { ...probabilities, ofClass: relation.ofClass } : coarser(probabilities, relation)
  })
}
