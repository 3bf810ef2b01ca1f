import type { Neighbour } from '@kic/ngram'
import type { SimilarText } from './own-reasons.ts'

/** A training row of a nearest-neighbour model as an example. */
export const similarText = ({ text, label, similarity }: Neighbour): SimilarText => ({
  text,
  code: label,
  similarity,
})
