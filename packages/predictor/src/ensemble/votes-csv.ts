import { answersCsv } from '../answers/answers-csv.ts'
import type { PredictOptions } from '../answers/predict-options.ts'
import type { Prediction, UnusableReason } from '../answers/prediction.ts'
import { readVote, type Votes } from './read-vote.ts'

/** A vote on a block of rows, from `voteOnStored` of `@kic/ensemble/node`. */
export interface VoteBlock {
  /** Number of the first row. */
  readonly start: number
  /** Ids of the rows. */
  readonly ids: readonly string[]
}

/** A row with a vote. */
export interface VotedText {
  readonly id?: string | undefined
  /** The first line of the row in its file. */
  readonly line?: number | undefined
  readonly text: string
  /** Why the models cannot use the text, whose vote is then left out; from `textLimits` of `@kic/predictor/node`. */
  readonly reason?: UnusableReason | undefined
  /** Whether the text was longer than the input of some model. */
  readonly truncated?: boolean | undefined
}

/**
 * An ensemble's answers in the CSV format of `kic predict`: codes, names and confidences at every level, the most probable
 * classes of the finest level, and the status `review` for doubtful rows, `unusable` for those with a reason. It writes block by block, so votes need not be in
 * memory at once.
 *
 * @param votes blocks of all rows, in order
 * @param options as in `predict`; `topK` is 5 by default
 */
export async function* votesCsv(
  { classification, levels }: Pick<Votes, 'classification' | 'levels'>,
  votes: AsyncIterable<VoteBlock & Votes['vote']>,
  rows: readonly VotedText[],
  { topK = 5, reviewBelow = 0 }: Pick<PredictOptions, 'topK' | 'reviewBelow'> = {},
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const csv = answersCsv(levels.map(({ name }) => name))
  yield encoder.encode(csv.header)
  for await (const vote of votes) {
    const lines = rows
      .slice(vote.start, vote.start + vote.ids.length)
      .map(({ id, line, text, reason, truncated = false }, i) => {
        const prediction: Prediction =
          reason === undefined
            ? { ...readVote({ classification, levels, vote }, i, text, { topK, reviewBelow }), truncated }
            : { status: 'unusable', text, reason }
        return csv.row({ id, line, prediction })
      })
    yield encoder.encode(lines.join(''))
  }
}
