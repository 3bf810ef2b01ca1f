import { answersCsv } from '../answers/answers-csv.ts'
import { readVote, type Votes } from './read-vote.ts'

/** A vote on some rows, as `voteOnStored` of `@kic/ensemble/node` yields it. */
export interface VoteBlock {
  /** Number of the first row. */
  readonly start: number
  /** Ids of the rows. */
  readonly ids: readonly string[]
}

/** A row that was voted on. */
export interface VotedText {
  readonly id?: string
  /** The line that it begins on in its file. */
  readonly line?: number
  readonly text: string
}

/**
 * An ensemble's answers as CSV of `kic predict`: codes, names and confidences at every level, the most probable classes of the
 * finest, and in `status` whether a person should look. Block by block, so that votes need not be in memory at once.
 *
 * @param votes blocks of all rows, in order
 * @param options as `predict` has them; `topK` is 5 by default
 */
export async function* votesCsv(
  { classification, levels }: Pick<Votes, 'classification' | 'levels'>,
  votes: AsyncIterable<VoteBlock & Votes['vote']>,
  rows: readonly VotedText[],
  { topK = 5, reviewBelow = 0 }: { readonly topK?: number; readonly reviewBelow?: number } = {},
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const csv = answersCsv(levels.map(({ name }) => name))
  yield encoder.encode(csv.header)
  for await (const vote of votes) {
    const lines = rows.slice(vote.start, vote.start + vote.ids.length).map(({ id, line, text }, i) => {
      const prediction = readVote({ classification, levels, vote }, i, text, { topK, reviewBelow })
      return csv.row({ id, line, prediction })
    })
    yield encoder.encode(lines.join(''))
  }
}
