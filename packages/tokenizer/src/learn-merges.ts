import { BinaryHeap } from './binary-heap.ts'

/** Words split into the symbols of an initial vocabulary. */
export interface SymbolWords {
  /** Symbols (indices into the vocabulary) of all words, concatenated. */
  readonly symbols: Int32Array
  /** Word `i` spans `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array
  /** The number of occurrences of each word. */
  readonly counts: ArrayLike<number>
}

/** When to stop merging, and how tokens are joined. */
export interface MergeOptions {
  readonly vocabSize: number
  /** Pairs that occur less often are not merged. */
  readonly minFrequency: number
  /** The prefix of a piece inside a word. */
  readonly continuingPrefix: string
}

/** Symbols are below this, so a pair of them fits into one exact number. */
const SYMBOL_LIMIT = 2 ** 26

interface PairEntry {
  count: number
  /** Words in which the pair occurs or once occurred. */
  readonly words: number[]
}

/**
 * Grows a vocabulary by repeatedly merging the most frequent pair of neighbouring symbols, like byte pair encoding
 * (Sennrich et al. 2016) and Hugging Face's `WordPieceTrainer`; among equals, the pair with the older symbols. Returns
 * the vocabulary with the new tokens at its end.
 */
export const learnMerges = (
  words: SymbolWords,
  vocabulary: readonly string[],
  { vocabSize, minFrequency, continuingPrefix }: MergeOptions,
): string[] => {
  const tokens = [...vocabulary]
  const idOf = new Map(tokens.map((token, id) => [token, id]))
  const symbols = words.symbols.slice()
  const wordCount = words.starts.length - 1
  const lengths = new Int32Array(wordCount)
  const pairs = new Map<number, PairEntry>()
  const changed = new Set<number>()

  const add = (left: number, right: number, word: number, change: number): void => {
    const pair = left * SYMBOL_LIMIT + right
    let entry = pairs.get(pair)
    if (entry === undefined) {
      entry = { count: 0, words: [] }
      pairs.set(pair, entry)
    }
    entry.count += change
    if (change <= 0) return
    if (entry.words.at(-1) !== word) entry.words.push(word)
    changed.add(pair)
  }

  /** Replaces `left right` by `merged` in one word, from left to right, and updates the counts around it. */
  const mergeIn = (word: number, left: number, right: number, merged: number): void => {
    const start = words.starts[word] as number
    const end = start + (lengths[word] as number)
    const count = words.counts[word] as number
    const isPair = (at: number): boolean => at + 1 < end && symbols[at] === left && symbols[at + 1] === right
    let write = start
    let before = -1 // the symbol before `read`, as it was
    for (let read = start; read < end; ) {
      if (!isPair(read)) {
        before = symbols[read++] as number
        symbols[write++] = before
        continue
      }
      add(left, right, word, -count)
      if (write > start) {
        add(before, left, word, -count)
        add(symbols[write - 1] as number, merged, word, count)
      }
      // A pair that follows immediately counts the border itself.
      if (read + 2 < end && !isPair(read + 2)) {
        add(right, symbols[read + 2] as number, word, -count)
        add(merged, symbols[read + 2] as number, word, count)
      }
      symbols[write++] = merged
      before = right
      read += 2
    }
    lengths[word] = write - start
  }

  for (let word = 0; word < wordCount; word++) {
    const [start, end] = [words.starts[word] as number, words.starts[word + 1] as number]
    lengths[word] = end - start
    const count = words.counts[word] as number
    for (let i = start; i + 1 < end; i++) add(symbols[i] as number, symbols[i + 1] as number, word, count)
  }

  const heap = new BinaryHeap()
  const offer = (): void => {
    for (const pair of changed) {
      const entry = pairs.get(pair)
      if (entry !== undefined && entry.count > 0) heap.push(entry.count, pair)
    }
    changed.clear()
  }
  offer()
  while (tokens.length < vocabSize) {
    const top = heap.pop()
    if (top === undefined) break
    const entry = pairs.get(top.item)
    if (entry === undefined || entry.count <= 0) continue
    if (entry.count !== top.priority) {
      // Counts fall without a new heap entry; they rise only with one.
      if (entry.count < top.priority) heap.push(entry.count, top.item)
      continue
    }
    if (entry.count < Math.max(1, minFrequency)) break
    const left = Math.floor(top.item / SYMBOL_LIMIT)
    const right = top.item % SYMBOL_LIMIT
    const tail = tokens[right] as string
    const token =
      (tokens[left] as string) +
      (tail.startsWith(continuingPrefix) ? tail.slice(continuingPrefix.length) : tail)
    let merged = idOf.get(token)
    if (merged === undefined) {
      merged = tokens.length
      tokens.push(token)
      idOf.set(token, merged)
    }
    // Later merges may form the pair again; they then list its words again.
    for (const word of entry.words.splice(0)) mergeIn(word, left, right, merged)
    pairs.delete(top.item)
    offer()
  }
  return tokens
}
