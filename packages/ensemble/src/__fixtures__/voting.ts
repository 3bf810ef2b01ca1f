import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Probabilities } from '@kic/scores'

const numbers = z.array(z.number())

/** The results of NumPy, SciPy and scikit-learn, computed by `voting.py`. */
export const reference = z
  .object({
    unit: z.number(),
    rows: z.number(),
    classes: z.number(),
    parent: numbers,
    top: numbers,
    labels: numbers,
    members: z.array(numbers),
    coarse: z.array(numbers),
    weights: numbers,
    temperatures: numbers,
    softTies: z.number(),
    soft: numbers,
    softWeighted: numbers,
    hardTies: z.number(),
    hardLowest: numbers,
    hardLowestWeighted: numbers,
    hardFirst: numbers,
    mean: numbers,
    meanTempered: numbers,
    logMean: numbers,
    logMeanTempered: numbers,
    greedyPicks: numbers,
    greedyScores: numbers,
    lossesBefore: numbers,
    path: numbers,
    pathDiffersFromGroup: z.number(),
    published: z.object({ group: numbers, division: numbers, section: numbers }),
  })
  .parse(JSON.parse(readFileSync(new URL('./voting.json', import.meta.url), 'utf8')))

const probabilities = (parts: readonly number[], classes: number, extra = 0): Probabilities => ({
  rows: parts.length / classes,
  classes,
  data: Float32Array.from(parts, (x) => (x + extra) / (reference.unit + classes * extra)),
})

/** Five members at the finest level of six classes. */
export const members = reference.members.map((parts) => probabilities(parts, reference.classes))
/** The same without zeros, for the log-loss. */
export const smoothed = reference.members.map((parts) => probabilities(parts, reference.classes, 1))
/** Two members at the level above, of three classes. */
export const coarseMembers = reference.coarse.map((parts) => probabilities(parts, 3))
export const labels = Int32Array.from(reference.labels)
