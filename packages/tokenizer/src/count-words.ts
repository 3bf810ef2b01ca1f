import type { BertNormalizerOptions } from './bert-normalizer.ts'
import { createWordScanner } from './word-scanner.ts'

/** Words of more characters are always unknown, so nothing is learned from them. */
const MAX_CHARACTERS = 100

/** Counts the words of a corpus, normalised and split as BERT's tokenizer does it. */
export const countWords = async (
  corpus: Iterable<string> | AsyncIterable<string>,
  normalizer: BertNormalizerOptions,
): Promise<Map<string, number>> => {
  const scanner = createWordScanner(normalizer, MAX_CHARACTERS)
  const counts = new Map<string, number>()
  const sink = {
    word: (units: Uint16Array, length: number, characters: number): void => {
      if (characters > MAX_CHARACTERS) return
      const word = String.fromCharCode(...units.subarray(0, length))
      counts.set(word, (counts.get(word) ?? 0) + 1)
    },
  }
  for await (const text of corpus) scanner.scan(text, sink)
  return counts
}
