import type { NgramVocabulary } from '../text/ngram-vocabulary.ts'
import { ngramWeighting } from '../text/ngram-vocabulary.ts'

/** For each n-gram the texts that have it: an inverted index. */
export interface PostingLists {
  /** How many texts there are. */
  readonly texts: number
  /** Where the list of each n-gram begins, and at last where they end, [F + 1]. */
  readonly offsets: Uint32Array
  /** Numbers of texts, ascending in each list. */
  readonly rows: Uint32Array
  /** The n-gram's weight in that text. */
  readonly weights: Float32Array
}

/** Texts whose weights are in memory at once, beside the lists. */
const BLOCK = 4096

/** The lists of texts, all of which the vocabulary was learned from. */
export const postingLists = (texts: readonly string[], vocabulary: NgramVocabulary): PostingLists => {
  const { textsWith } = vocabulary
  const offsets = new Uint32Array(textsWith.length + 1)
  textsWith.forEach((count, feature) => {
    offsets[feature + 1] = (offsets[feature] ?? 0) + count
  })
  const entries = offsets.at(-1) ?? 0
  const [rows, weights] = [new Uint32Array(entries), new Float32Array(entries)]
  const ends = offsets.slice(0, -1)
  const weighted = ngramWeighting(vocabulary)
  for (let start = 0; start < texts.length; start += BLOCK) {
    const block = weighted(texts.slice(start, start + BLOCK))
    for (let row = 0; row < block.rows; row++) {
      const end = block.offsets[row + 1] ?? 0
      for (let i = block.offsets[row] ?? 0; i < end; i++) {
        const feature = block.indices[i] ?? 0
        const at = ends[feature] ?? 0
        rows[at] = start + row
        weights[at] = block.values[i] ?? 0
        ends[feature] = at + 1
      }
    }
  }
  return { texts: texts.length, offsets, rows, weights }
}
