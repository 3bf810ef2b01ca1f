import type { Classification } from '@kic/classification'
import type { Row } from '@kic/data'
import type { Ensemble } from '@kic/ensemble'
import { voteOnStored } from '@kic/ensemble/node'
import { answersCsv, readVote } from '@kic/predictor'
import type { Vote } from '../vote.ts'

/** Candidates that each row of predictions lists. */
const TOP = 5
const BLOCK_ROWS = 2048

/** An ensemble's vote on all rows of its members' stored predictions. */
export const voteOnAll = async (ensemble: Ensemble): Promise<Vote> => {
  for await (const { levels, finest } of voteOnStored(ensemble, { blockRows: Number.MAX_SAFE_INTEGER })) {
    const predictions = Object.fromEntries(
      Object.entries(levels).map(([level, { classes }]) => [level, classes]),
    )
    return { predictions, groupProbabilities: finest }
  }
  throw new Error('stored predictions have no rows')
}

/**
 * Predictions for use, as CSV of `kic predict`: codes, names and confidences at every level, the five most probable classes
 * of the finest, and in `status` whether a person should look.
 *
 * @param ensemble with stored predictions of these rows
 * @param reviewBelow the confidence below which a row's status is `review`
 */
export async function* predictionsCsv(
  classification: Classification,
  ensemble: Ensemble,
  rows: readonly Row[],
  reviewBelow: number,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const csv = answersCsv(ensemble.levels.map(({ name }) => name))
  yield encoder.encode(csv.header)
  for await (const vote of voteOnStored(ensemble, { blockRows: BLOCK_ROWS })) {
    const votes = { classification, levels: ensemble.levels, vote }
    const lines = rows.slice(vote.start, vote.start + BLOCK_ROWS).map(({ id, line, text }, i) => {
      const prediction = readVote(votes, i, text, { topK: TOP, reviewBelow })
      return csv.row({ id, line, prediction })
    })
    yield encoder.encode(lines.join(''))
  }
}
