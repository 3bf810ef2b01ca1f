import { createPieceTrie } from '../piece-trie.ts'
import { createByteTokens } from './byte-tokens.ts'
import type { Model } from './model.ts'
import { unknownText } from './unknown-text.ts'

/** A Unigram vocabulary and its rules, as in the `model` of a tokenizer.json. */
export interface UnigramOptions {
  readonly vocabulary: ReadonlyMap<string, number>
  /** The log probability of each id. */
  readonly scores: Float64Array
  readonly unknownId: number | null
  /** Encodes unknown characters as the tokens of their bytes, if all of these exist. */
  readonly byteFallback: boolean
}

/** The penalty of an unknown character below the least probable token. */
const UNKNOWN_PENALTY = 10

/**
 * The most probable segmentation (Kudo 2018, arXiv:1804.10959) by dynamic programming, as `Unigram` of the Rust crate
 * finds it: ends are filled from the left, and a later path replaces an earlier one only if it scores higher. Adjacent
 * unknown characters are one token.
 */
export const createUnigram = ({ vocabulary, scores, unknownId, byteFallback }: UnigramOptions): Model => {
  const trie = createPieceTrie(vocabulary, null)
  const byteTokens = byteFallback ? createByteTokens(vocabulary) : null
  const unknownScore = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY

  /** The ends of the pieces of `text`, adjacent unknown characters joined. */
  const segment = (text: string): number[] => {
    const best = new Float64Array(text.length + 1)
    const starts = new Int32Array(text.length + 1).fill(-1)
    const ids = new Int32Array(text.length + 1)
    const offer = (end: number, start: number, id: number, score: number): void => {
      if (starts[end] !== -1 && !(score > (best[end] as number))) return
      best[end] = score
      starts[end] = start
      ids[end] = id
    }
    for (let start = 0; start < text.length; ) {
      const width = (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1
      const score = best[start] as number
      let isKnown = false
      let node = trie.initial
      for (let i = start; i < text.length; i++) {
        node = trie.step(node, text.charCodeAt(i))
        if (node < 0) break
        const id = trie.idAt(node)
        if (id < 0) continue
        offer(i + 1, start, id, score + (scores[id] as number))
        if (i + 1 === start + width) isKnown = true
      }
      if (!isKnown) {
        const end = start + width
        const wins = starts[end] === -1 || unknownScore + score > (best[end] as number)
        if (wins && unknownId === null) throw unknownText(text)
        offer(end, start, unknownId ?? -1, unknownScore + score)
      }
      start += width
    }
    const ends: number[] = []
    let wasUnknown = false
    for (let end = text.length; end > 0; end = starts[end] as number) {
      const isUnknown = ids[end] === unknownId
      if (!isUnknown || !wasUnknown) ends.push(end)
      wasUnknown = isUnknown
    }
    return ends.reverse()
  }

  return (text, word, tokens) => {
    let from = 0
    for (const to of segment(text)) {
      const piece = text.slice(from, to)
      from = to
      const id = vocabulary.get(piece)
      if (id !== undefined) {
        tokens.push(id, word)
        continue
      }
      const bytes = byteTokens?.(piece) ?? null
      if (bytes !== null) for (const byte of bytes) tokens.push(byte, word)
      else if (unknownId === null) throw unknownText(text)
      else tokens.push(unknownId, word)
    }
  }
}
