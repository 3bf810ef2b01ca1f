import { defined } from '@kic/core'
import { softmax, topKRows } from '@kic/scores'
import { isScored } from '../answers/scored-text.ts'
import type { TextScorer } from '../run/text-scorer.ts'
import type { PairScorer } from './pair-scorer.ts'
import type { RerankSettings } from './rerank-file.ts'

/** Probabilities below it count as equal. */
const LEAST = 1e-30

/**
 * Reorders each text's best classes by `log p(class | text) + weight · log p(match | text, name)`: `rerank` of
 * `@kic/negative-sampling`. The candidates share their probability anew by the softmax of these sums; that of all other classes
 * stays, so the first answer is always a candidate.
 *
 * @param temperature of the model that finds the candidates
 */
export const rerankedScorer = (
  retriever: TextScorer,
  temperature: number | undefined,
  pairs: PairScorer,
  { candidates, weight, names }: RerankSettings,
): TextScorer => {
  const classes = names.length
  const k = Math.min(candidates, classes)
  return {
    score: async (texts, signal, alone) => {
      const scored = await retriever.score(texts, signal, alone)
      const found = scored.map((row) => {
        if (!isScored(row)) return undefined
        const probabilities = softmax(row.logits, { temperature })
        return { probabilities, best: topKRows(probabilities, classes, k) }
      })
      const asked = found.flatMap((row, i) =>
        Array.from(row?.best ?? [], (c) => [defined(texts[i]), defined(names[c])] as const),
      )
      const matches = await pairs.score(asked, signal, alone)
      let at = 0
      return scored.map((row, i) => {
        const own = found[i]
        if (!isScored(row) || own === undefined) return row
        const logits = reordered(own.probabilities, own.best, matches.subarray(at, at + k), weight)
        at += k
        return { ...row, logits }
      })
    },
    dispose: async () => {
      await Promise.all([retriever.dispose(), pairs.dispose()])
    },
  }
}

/** Log-probabilities, [C], after the candidates have shared theirs anew. */
const reordered = (
  probabilities: Float64Array,
  best: Int32Array,
  matches: Float64Array,
  weight: number,
): Float32Array => {
  const logOf = (c: number): number => Math.log(Math.max(defined(probabilities[c]), LEAST))
  const logits = Float32Array.from(probabilities, (_, c) => logOf(c))
  const total = best.reduce((sum, c) => sum + Math.max(defined(probabilities[c]), LEAST), 0)
  const shares = softmax(Float64Array.from(best, (c, i) => logOf(c) + weight * defined(matches[i])))
  for (const [i, c] of best.entries()) logits[c] = Math.log(Math.max(total * defined(shares[i]), LEAST))
  return logits
}
