import { ancestorLevels, type NumberedLevel } from '@kic/classification'
import type { Probabilities } from '@kic/scores'
import { coarser } from '../coarser.ts'
import { type LevelMember, membersAtLevel } from './members-at-level.ts'
import type { Stack } from './stack.ts'
import { stackedVote } from './stacked-vote.ts'

/** Probabilities at each level by its stack; of a level without one, the sums of the level below. */
export const stackedOpinions = (
  levels: readonly NumberedLevel[],
  stacks: readonly (Stack & { readonly level: string })[],
  members: readonly LevelMember[],
): readonly Probabilities[] => {
  const opinions: Probabilities[] = []
  for (const [depth, { name }] of [...levels.entries()].toReversed()) {
    const stack = stacks.find(({ level }) => level === name)
    const below = levels[depth + 1]
    const relation = below === undefined ? undefined : ancestorLevels(levels, { level: below.name })[depth]
    const [finer] = opinions
    if (stack === undefined && finer !== undefined && relation !== undefined)
      opinions.unshift(coarser(finer, relation))
    else opinions.unshift(stackedVote(stack ?? { weights: [] }, membersAtLevel(levels, name, members)))
  }
  return opinions
}
