import { ancestorLevels, type Classification, finestLevel, numberedLevels } from '@kic/classification'
import { defined } from '@kic/core'
import { type Probabilities, temper } from '@kic/scores'
import { coarser } from './coarser.ts'
import { type EnsembleInput, parseEnsemble } from './ensemble.ts'
import {
  type Candidate,
  type HeldOut,
  type HeldOutOptions,
  heldOut,
  type Truth,
  withCopies,
} from './held-out.ts'
import { shrunkWeights } from './shrunk-weights.ts'
import { softVote } from './soft-vote.ts'
import { temperatureOf } from './temperature-of.ts'
import { vote } from './vote.ts'

/** Rounds that scale all temperatures together; each one comes closer to calibration. */
const CALIBRATION_ROUNDS = 6
/** Limits of an `ensemble.json`. */
const TEMPERATURES = { least: 1e-3, most: 1e3 }

/**
 * Chooses members, weights and temperatures on validation rows:
 *
 * 1. Each member gets the temperature with the least cross-entropy.
 * 2. Members of the finest level get weights by greedy forward selection for the least log-loss, on the rows and their copies.
 *    The weights are moved towards equal ones as far as cross-validation allows.
 * 3. At the levels above, these members together compete with the members of that level in the same way.
 * 4. The mean of calibrated members is underconfident, so one factor scales all temperatures until the vote itself is
 *    calibrated.
 *
 * Members without weight are left out. Votes follow the most probable path, so levels never contradict each other.
 *
 * @param truth class numbers of the validation rows, by level
 * @throws KicError `ensemble/labels`, `ensemble/shape`, `ensemble/no-members`
 */
export const selectEnsemble = async (
  classification: Classification,
  candidates: readonly Candidate[],
  truth: Truth,
  options: HeldOutOptions = {},
): Promise<EnsembleInput> => {
  const rows = heldOut('selectEnsemble', classification, candidates, truth, options)
  const temperatures: number[] = []
  for (const { level, probabilities } of candidates) {
    temperatures.push(await temperatureOf(probabilities, truth[level]))
  }
  const all = withCopies(rows)
  const tempered = all.candidates.map((candidate, k) => ({
    ...candidate,
    probabilities: temper(candidate.probabilities, defined(temperatures[k])),
  }))
  const weights = await selectedWeights(classification, { ...all, candidates: tempered }, options.seed ?? 0)
  const voting = candidates.flatMap((candidate, k) => {
    const weight = weights.get(candidate.name) ?? 0
    return weight > 0 ? [{ ...candidate, weight, temperature: defined(temperatures[k]) }] : []
  })
  const levels = numberedLevels(classification)
  const ensembleAt = (factor: number): EnsembleInput => ({
    format: 'kic-ensemble',
    version: 1,
    scheme: 'path',
    levels,
    members: voting.map(({ name, level, weight, temperature }) => ({
      name,
      level,
      weight,
      temperature: Math.min(TEMPERATURES.most, Math.max(TEMPERATURES.least, temperature * factor)),
    })),
  })
  const given = voting.map(({ probabilities }) => probabilities)
  let factor = 1
  for (let round = 0; round < CALIBRATION_ROUNDS; round++) {
    const { finest } = vote(parseEnsemble(ensembleAt(factor)), given)
    factor *= await temperatureOf(finest, truth[finestLevel(classification)])
  }
  return ensembleAt(factor)
}

const selectedWeights = async (
  classification: Classification,
  { candidates, truth, groups }: HeldOut,
  seed: number,
): Promise<ReadonlyMap<string, number>> => {
  const at = (level: string) => candidates.filter((candidate) => candidate.level === level)
  const select = (level: string, members: readonly Probabilities[]): Promise<readonly number[]> =>
    shrunkWeights(members, truth[level] ?? new Int32Array(0), { groups, seed })
  const finest = finestLevel(classification)
  const members = at(finest).map(({ probabilities }) => probabilities)
  const picked = await select(finest, members)
  const weights = new Map(at(finest).map(({ name }, k) => [name, defined(picked[k])]))
  const picks = picked.reduce((sum, weight) => sum + weight, 0)
  const together = softVote(members, { weights: picked })
  for (const level of ancestorLevels(classification)) {
    const own = at(level.name)
    if (level.name === finest || own.length === 0) continue
    const [finer = 0, ...others] = await select(level.name, [
      coarser(together, level),
      ...own.map(({ probabilities }) => probabilities),
    ])
    // One pick of `together` counts as many picks as it consists of.
    own.forEach(({ name }, k) => {
      weights.set(name, (defined(others[k]) * picks) / Math.max(1, finer))
    })
  }
  return weights
}
