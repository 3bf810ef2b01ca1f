import type { AnswerRow, Predictor } from '@kic/predictor'

/** Adds the explanation of each coded answer. */
export async function* withReasons(
  answers: AsyncIterable<AnswerRow>,
  { explain }: Predictor,
  signal: AbortSignal,
): AsyncGenerator<AnswerRow> {
  for await (const answer of answers) {
    if ('reject' in answer || answer.prediction.status === 'unusable') yield answer
    else yield { ...answer, explanation: await explain(answer.prediction.text, { signal }) }
  }
}
