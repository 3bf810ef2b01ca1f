import { defined } from '@kic/core'
import type { Ensemble, EnsembleVote } from '@kic/ensemble'
import type { Probabilities } from '@kic/scores'
import type { CallSignal } from '../answers/call-signal.ts'
import { isScored, type RefusedText } from '../answers/scored-text.ts'
import type { Voter } from './voter.ts'

/** `vote` of `@kic/ensemble`, which is loaded only for ensembles. */
export type Vote = (
  ensemble: Ensemble,
  members: readonly Probabilities[],
  temperature?: number,
) => EnsembleVote

/** A text with a vote. */
export interface VotedText {
  /** The text, prepared as by the first model. */
  readonly text: string
  /** Its row in the vote. */
  readonly at: number
  /** Whether the text was longer than the input of some model. */
  readonly truncated: boolean
}

/**
 * The probabilities of all models for the usable texts. A text is unusable if some model cannot use it: the others would be a
 * different ensemble.
 */
export const opinionsOnTexts = async (
  voters: readonly Voter[],
  texts: readonly string[],
  signal: CallSignal | undefined,
  alone: boolean,
): Promise<{
  readonly rows: readonly (VotedText | RefusedText)[]
  readonly members: readonly Probabilities[]
}> => {
  const scored = await Promise.all(voters.map(({ score }) => score(texts, signal, alone)))
  const opinions = texts.map((_, i) => scored.flatMap((rows) => defined(rows[i])))
  const usable = opinions.filter((rows) => rows.every(isScored))
  const members = voters.map(({ probabilities }, k) =>
    probabilities(usable.flatMap((rows) => defined(rows[k])).filter(isScored)),
  )
  let at = 0
  const rows = opinions.map((all) => {
    const { text } = defined(all[0])
    const refused = all.find((row) => !isScored(row))
    if (refused !== undefined && !isScored(refused)) return { text, reason: refused.reason }
    return { text, at: at++, truncated: all.some((row) => isScored(row) && row.truncated) }
  })
  return { rows, members }
}
