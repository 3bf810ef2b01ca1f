import type { Rung } from './halving.ts'
import { rankTrials } from './rank-trials.ts'
import type { Trial, TrialScore } from './trial.ts'

/**
 * Runs round after round: each trains the best trials so far.
 *
 * @param scoreOf trains a trial for a share of its epochs
 * @returns all trials, the best first
 */
export const runRungs = async (
  trials: readonly Trial[],
  rungs: readonly Rung[],
  mode: 'max' | 'min',
  scoreOf: (trial: Trial, share: number) => Promise<TrialScore>,
): Promise<readonly Trial[]> => {
  let ranked = trials
  for (const rung of rungs) {
    const scored: Trial[] = []
    for (const trial of ranked.slice(0, rung.trials)) {
      const score = await scoreOf(trial, rung.share)
      // Two rounds of a short training may have the same length.
      const before = trial.scores.filter(
        ({ epochs, maxSteps }) => epochs !== score.epochs || maxSteps !== score.maxSteps,
      )
      scored.push({ ...trial, scores: [...before, score] })
    }
    ranked = [...rankTrials(scored, mode), ...ranked.slice(rung.trials)]
  }
  return ranked
}
