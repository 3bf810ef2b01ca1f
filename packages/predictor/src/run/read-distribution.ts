import { defined } from '@kic/core'
import { topK } from '@kic/scores'
import type { LevelCode } from '../answers/level-code.ts'
import type { Candidate } from '../answers/prediction.ts'
import type { ClassTree } from '../model/class-tree.ts'

/**
 * The answer to one row. The code at the model's own level is the most probable class. The codes above it are its ancestors,
 * so levels never contradict each other. The confidence at every level is the sum of the probabilities of all classes below
 * that code.
 *
 * @param probabilities [C]
 * @param candidates number of the most probable classes in the list
 */
export const readDistribution = (
  tree: ClassTree,
  probabilities: ArrayLike<number>,
  candidates: number,
): { readonly codes: Record<string, LevelCode>; readonly top: readonly Candidate[] } => {
  const ranked = topK(probabilities, Math.max(1, candidates))
  const codes: Record<string, LevelCode> = {}
  for (const { level, code, name, classes } of defined(tree.paths[defined(ranked[0])])) {
    let confidence = 0
    for (const c of classes) confidence += defined(probabilities[c])
    codes[level] = { code, name, confidence: Math.min(1, confidence) }
  }
  const top = ranked.slice(0, candidates).map((c) => ({
    code: defined(tree.codes[c]),
    name: defined(defined(tree.paths[c]).at(-1)).name,
    confidence: defined(probabilities[c]),
    labels: defined(tree.labels[c]),
  }))
  return { codes, top }
}
