import { defined } from '@kic/core'
import { knowsText, learnVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import type { NgramRange } from '../text/word-ngrams.ts'
import { nearestRows } from './nearest-rows.ts'
import { postingLists } from './posting-lists.ts'
import type { CodedTexts } from './row-tensors.ts'
import { withoutFrequent } from './without-frequent.ts'

/** A training text that is similar to another. */
export interface Neighbour {
  /** Its number among the training rows. */
  readonly row: number
  /** The cosine of the weights of the texts' n-grams: 1 for equal texts. */
  readonly similarity: number
  readonly text: string
  readonly label: string
}

export interface NeighbourOptions extends NgramRange {
  readonly labels: readonly string[]
  /** How many neighbours vote. */
  readonly neighbours: number
  /** A neighbour's vote is its similarity to this power. */
  readonly power: number
  /** What every class has before votes are counted. */
  readonly smoothing: number
  /** n-grams of more training texts are left out: their lists are long and tell little. */
  readonly mostTexts: number
}

/** Queries whose weights are in memory at once. */
const BLOCK = 1024

/**
 * k-nearest neighbours over coded texts, by the cosine of TF-IDF weights of character n-grams, found in an inverted index.
 * Votes are weighted by similarity: Dudani 1976, doi:10.1109/TSMC.1976.5408784; for texts, Yang 1994,
 * "Expert Network".
 */
export const nearestNeighbours = (coded: CodedTexts, options: NeighbourOptions) => {
  const { labels, neighbours: k, power, smoothing, mostTexts, ...range } = options
  const vocabulary = withoutFrequent(learnVocabulary(coded.texts, range), mostTexts)
  const lists = postingLists(coded.texts, vocabulary)
  const weighted = ngramWeighting(vocabulary)
  const nearest = nearestRows(lists)
  return {
    /** How many weights the index has. */
    entries: lists.rows.length,
    knows: (text: string): boolean => knowsText(vocabulary, text),
    /** log of each class's share of the votes, each row less its largest, [N, C]. */
    scores: (texts: readonly string[]): Float32Array => {
      const scores = new Float32Array(texts.length * labels.length)
      const votes = new Float64Array(labels.length)
      for (let start = 0; start < texts.length; start += BLOCK) {
        const queries = weighted(texts.slice(start, start + BLOCK))
        for (let query = 0; query < queries.rows; query++) {
          votes.fill(smoothing)
          for (const { row, similarity } of nearest(queries, query, k)) {
            const label = defined(coded.numbers[row])
            votes[label] = defined(votes[label]) + similarity ** power
          }
          const most = votes.reduce((a, b) => Math.max(a, b), 0)
          const at = (start + query) * labels.length
          for (let c = 0; c < votes.length; c++) scores[at + c] = Math.log(defined(votes[c]) / most)
        }
      }
      return scores
    },
    /** The training texts that are nearest to a text, most similar first, of equal ones the first. */
    neighbours: (text: string, count: number = k): Neighbour[] =>
      nearest(weighted([text]), 0, count).map(({ row, similarity }) => ({
        row,
        similarity,
        text: defined(coded.texts[row]),
        label: defined(labels[defined(coded.numbers[row])]),
      })),
  }
}
