import type { Contributions } from '@kic/ngram'
import type { Evidence } from './evidence.ts'
import type { AnswerWeights } from './explanation.ts'

/**
 * The exact shares of characters in the calibrated scores of two classes.
 *
 * @param contributions to the scores of the first answer and of the second, if there is one
 * @param temperature scores are divided by it, so that their differences are those of log-probabilities
 */
export const additiveEvidence = (
  text: string,
  { base, characters }: Contributions,
  temperature: number,
): Evidence => {
  const classes = base.length
  const read = (values: Float64Array, row: number): AnswerWeights => ({
    first: (values[row * classes] ?? 0) / temperature,
    second: classes < 2 ? 0 : (values[row * classes + 1] ?? 0) / temperature,
  })
  const weights = Array.from(text, (character, place) => ({ character, ...read(characters, place) }))
  const rest = read(base, 0)
  return {
    method: 'additive',
    characters: weights,
    base: rest,
    total: {
      first: weights.reduce((sum, { first }) => sum + first, rest.first),
      second: weights.reduce((sum, { second }) => sum + second, rest.second),
    },
  }
}
