import { topK } from '@kic/scores'
import type { Candidate, LevelCode } from '../answers/prediction.ts'
import type { ClassTree } from '../model/class-tree.ts'

/**
 * The answer to one row. Rule: the code at the model's own level is the most probable class; the codes above it are its
 * ancestors, so levels never contradict each other; the confidence at every level is the sum of the probabilities of all
 * classes below that code.
 *
 * @param probabilities [C]
 * @param candidates how many of the most probable classes are listed
 */
export const readDistribution = (
  tree: ClassTree,
  probabilities: ArrayLike<number>,
  candidates: number,
): { readonly codes: Record<string, LevelCode>; readonly top: readonly Candidate[] } => {
  const ranked = topK(probabilities, Math.max(1, candidates))
  const codes: Record<string, LevelCode> = {}
  for (const { level, code, name, classes } of tree.paths[ranked[0] ?? 0] ?? []) {
    let confidence = 0
    for (const c of classes) confidence += probabilities[c] ?? 0
    codes[level] = { code, name, confidence: Math.min(1, confidence) }
  }
  const top = ranked.slice(0, candidates).map((c) => ({
    code: tree.codes[c] ?? '',
    name: tree.paths[c]?.at(-1)?.name ?? '',
    confidence: probabilities[c] ?? 0,
    labels: tree.labels[c] ?? {},
  }))
  return { codes, top }
}
