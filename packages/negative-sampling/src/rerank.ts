import { defined, KicError } from '@kic/core'
import { topKRows } from '@kic/scores'
import type { NegativeSamplingErrorCode } from './error-code.ts'
import type { Candidates } from './pair-scorer.ts'

/**
 * The `k` most probable classes of each row, best first; the first of equal ones.
 *
 * @param probabilities or any scores, [N, C], row by row
 * @throws KicError `scores/shape`, `scores/top-k`, `scores/not-a-number`
 */
export const topCandidates = (probabilities: ArrayLike<number>, classes: number, k: number): Candidates => ({
  classes: topKRows(probabilities, classes, k),
  perText: k,
})

export interface RerankOptions {
  /** A classifier's probabilities, [N, C], row by row. */
  readonly probabilities: ArrayLike<number>
  /** C. */
  readonly classes: number
  /** The classes to reorder: a result of `topCandidates`. */
  readonly candidates: Candidates
  /** Log-probabilities of the pair model for the candidates, [N, k]: a result of `pairScorer`. */
  readonly pairScores: ArrayLike<number>
  /** Weight of the pair model; 0 keeps the classifier's order. Choose it on validation rows. Default 1. */
  readonly weight?: number | undefined
}

/**
 * Each row's candidates ordered by `log p(class | text) + weight · log p(match | text, name)`, best first.
 *
 * This goes beyond the published solution, which uses the pair model for pretraining only.
 *
 * @throws KicError `negative-sampling/rerank`
 */
export const rerank = (options: RerankOptions): Candidates => {
  const { probabilities, classes, candidates, pairScores, weight = 1 } = options
  const { perText: k } = candidates
  const rows = candidates.classes.length / k
  if (pairScores.length !== candidates.classes.length || probabilities.length !== rows * classes) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/rerank',
      `rerank: ${rows} rows of ${k} candidates need as many pair scores and ${rows * classes} probabilities, received ${pairScores.length} and ${probabilities.length}. Pass as many.`,
    )
  }
  const reordered = new Int32Array(rows * k)
  for (let row = 0; row < rows; row++) {
    const scored = Array.from({ length: k }, (_, i) => {
      const label = defined(candidates.classes[row * k + i])
      const own = Math.log(Math.max(defined(probabilities[row * classes + label]), 1e-30))
      return { label, score: own + weight * defined(pairScores[row * k + i]) }
    })
    scored.sort((a, b) => b.score - a.score)
    for (const [i, { label }] of scored.entries()) reordered[row * k + i] = label
  }
  return { classes: reordered, perText: k }
}

/** The first candidate of each row. */
export const firstCandidates = ({ classes, perText }: Candidates): Int32Array =>
  Int32Array.from({ length: classes.length / perText }, (_, row) => defined(classes[row * perText]))
