import { BinaryHeap } from '../binary-heap.ts'
import { createByteTokens } from './byte-tokens.ts'
import type { Model } from './model.ts'
import { unknownText } from './unknown-text.ts'

/** A BPE vocabulary and its rules, as in the `model` of a tokenizer.json. */
export interface BpeOptions {
  readonly vocabulary: ReadonlyMap<string, number>
  /** Pairs of ids and the id of their merge, in the order of merging. */
  readonly merges: readonly (readonly [left: number, right: number, merged: number])[]
  readonly unknown: string | null
  readonly continuingPrefix: string
  readonly wordSuffix: string
  /** Merges adjacent unknown characters into one token. */
  readonly fusesUnknown: boolean
  /** Encodes unknown characters as the tokens of their bytes, if all of these exist. */
  readonly byteFallback: boolean
  /** Encodes a word that is a token as this token, regardless of the merges. */
  readonly ignoresMerges: boolean
}

/** Ids are below this. */
const ID_LIMIT = 1 << 20
const NONE = -1

/**
 * Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909) like `BPE` of the Rust crate: of all adjacent pairs, the
 * one learned first is merged first; among equal ones, the leftmost.
 */
export const createBpe = (options: BpeOptions): Model => {
  const { vocabulary, merges, unknown } = options
  const byteTokens = options.byteFallback ? createByteTokens(vocabulary) : null
  const ranks = new Map(merges.map(([left, right], rank) => [left * ID_LIMIT + right, rank]))
  const mergedOf = Int32Array.from(merges, ([, , merged]) => merged)

  /** The ids of a word's characters, before any merge. */
  const charactersOf = (text: string): number[] => {
    const ids: number[] = []
    let pending: number | null = null
    const flush = (): void => {
      if (pending !== null) ids.push(pending)
      pending = null
    }
    let at = 0
    for (const character of text) {
      const isFirst = at === 0
      at += character.length
      const prefixed = isFirst ? character : options.continuingPrefix + character
      const symbol = at === text.length ? prefixed + options.wordSuffix : prefixed
      const id = vocabulary.get(symbol)
      if (id !== undefined) {
        flush()
        ids.push(id)
        continue
      }
      const bytes = byteTokens?.(symbol) ?? null
      // As in the crate, an unknown token before them is written after them.
      if (bytes !== null) ids.push(...bytes)
      else if (unknown !== null) {
        const unknownId = vocabulary.get(unknown)
        if (unknownId === undefined) throw unknownText(text)
        if (!options.fusesUnknown) flush()
        pending = unknownId
      }
    }
    flush()
    return ids
  }

  const merge = (ids: number[]): readonly number[] => {
    const next = Int32Array.from(ids, (_, i) => (i + 1 < ids.length ? i + 1 : NONE))
    const previous = Int32Array.from(ids, (_, i) => i - 1)
    const heap = new BinaryHeap()
    const rankOf = (left: number, right: number): number | undefined =>
      ranks.get((ids[left] as number) * ID_LIMIT + (ids[right] as number))
    const consider = (left: number, right: number): void => {
      if (left === NONE || right === NONE) return
      const rank = rankOf(left, right)
      if (rank !== undefined) heap.push(-rank, left)
    }
    for (let i = 0; i + 1 < ids.length; i++) consider(i, i + 1)
    for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
      const left = top.item
      const right = ids[left] === NONE ? NONE : (next[left] as number)
      if (right === NONE) continue
      const merged = mergedOf[-top.priority] as number
      // The pair may have changed since; as in the crate, it only has to merge into the same token.
      const rank = rankOf(left, right)
      if (rank === undefined || mergedOf[rank] !== merged) continue
      const after = next[right] as number
      ids[left] = merged
      ids[right] = NONE
      next[left] = after
      if (after !== NONE) previous[after] = left
      consider(previous[left] as number, left)
      consider(left, after)
    }
    return ids
  }

  return (text, word, tokens) => {
    const whole = options.ignoresMerges ? vocabulary.get(text) : undefined
    if (whole !== undefined) tokens.push(whole, word)
    else for (const id of merge(charactersOf(text))) if (id !== NONE) tokens.push(id, word)
  }
}
