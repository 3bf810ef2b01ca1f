import { KicError } from '@kic/core'
import { topKRows } from '@kic/scores'
import type { NegativeSamplingErrorCode } from './error-code.ts'
import type { Candidates } from './pair-scorer.ts'

/**
 * The `k` most probable classes of each row, best first; of equal ones the first counts.
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
  /** The classes to reorder, as `topCandidates` gives them. */
  readonly candidates: Candidates
  /** Log-probabilities of the pair model for the candidates, [N, k], as `pairScorer` gives them. */
  readonly pairScores: ArrayLike<number>
  /** How much the pair model says: 0 leaves the classifier's order; choose it on validation rows. Default 1. */
  readonly weight?: number | undefined
}

/**
 * Candidates reordered by `log p(class | text) + weight · log p(match | text, name)`: each row's, best first.
 *
 * Beyond the published solution, whose pair model was only a step of pretraining.
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
      `rerank: ${rows} rows of ${k} candidates need as many pair scores and ${rows * classes} probabilities; received ${pairScores.length} and ${probabilities.length}.`,
    )
  }
  const reordered = new Int32Array(rows * k)
  for (let row = 0; row < rows; row++) {
    const scored = Array.from({ length: k }, (_, i) => {
      const label = candidates.classes[row * k + i] ?? -1
      const own = Math.log(Math.max(probabilities[row * classes + label] ?? 0, 1e-30))
      return { label, score: own + weight * (pairScores[row * k + i] ?? 0) }
    })
    scored.sort((a, b) => b.score - a.score)
    for (const [i, { label }] of scored.entries()) reordered[row * k + i] = label
  }
  return { classes: reordered, perText: k }
}

/** The first candidate of each row. */
export const firstCandidates = ({ classes, perText }: Candidates): Int32Array =>
  Int32Array.from({ length: classes.length / perText }, (_, row) => classes[row * perText] ?? -1)
