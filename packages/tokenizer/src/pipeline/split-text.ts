import type { CodePointSet } from '../unicode/code-point-set.ts'
import { slicePiece, type TextPiece } from './text-piece.ts'

/** A span of a text between two UTF-16 indices, and whether it is a delimiter. */
export interface Segment {
  readonly from: number
  readonly to: number
  readonly isMatch: boolean
}

/** Cuts a text into segments that cover it. */
export type Segmenter = (text: string) => Segment[]

/** The treatment of delimiters; the names are the Rust crate's. */
export const SPLIT_BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const

/** One of `SPLIT_BEHAVIORS`. */
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number]

/** Segments from the ascending spans that a pattern matched. */
export const segmentsOf = (
  length: number,
  matches: readonly (readonly [from: number, to: number])[],
): Segment[] => {
  const segments: Segment[] = []
  let done = 0
  for (const [from, to] of matches) {
    if (done < from) segments.push({ from: done, to: from, isMatch: false })
    segments.push({ from, to, isMatch: true })
    done = to
  }
  if (done < length) segments.push({ from: done, to: length, isMatch: false })
  return segments
}

/** Each character of a class is a delimiter of its own. */
export const charactersIn =
  (isIn: CodePointSet): Segmenter =>
  (text) => {
    const matches: [number, number][] = []
    for (let i = 0; i < text.length; ) {
      const point = text.codePointAt(i) ?? 0
      const next = i + (point > 0xffff ? 2 : 1)
      if (isIn(point)) matches.push([i, next])
      i = next
    }
    return segmentsOf(text.length, matches)
  }

/** Each occurrence of a text is a delimiter. */
export const occurrencesOf =
  (part: string): Segmenter =>
  (text) => {
    const matches: [number, number][] = []
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
      matches.push([at, at + part.length])
    }
    return segmentsOf(text.length, matches)
  }

const merge = (
  segments: readonly Segment[],
  joins: (before: Segment, after: Segment) => boolean,
): Segment[] => {
  const merged: Segment[] = []
  let before: Segment | undefined
  for (const segment of segments) {
    const last = merged.at(-1)
    if (last !== undefined && before !== undefined && joins(before, segment)) {
      merged[merged.length - 1] = { ...last, to: segment.to }
    } else merged.push(segment)
    before = segment
  }
  return merged
}

const arrange = (segments: readonly Segment[], behavior: SplitBehavior): readonly Segment[] => {
  switch (behavior) {
    case 'Removed':
      return segments.filter((segment) => !segment.isMatch)
    case 'Isolated':
      return segments
    case 'Contiguous':
      return merge(segments, (before, after) => before.isMatch === after.isMatch)
    // Of adjacent delimiters, the first joins the text before it and the last the text after it.
    case 'MergedWithPrevious':
      return merge(segments, (before, after) => after.isMatch && !before.isMatch)
    case 'MergedWithNext':
      return merge(segments, (before, after) => before.isMatch && !after.isMatch)
  }
}

/** The pieces into which delimiters cut a piece. */
export const splitPiece = (piece: TextPiece, segmenter: Segmenter, behavior: SplitBehavior): TextPiece[] => {
  const pieces: TextPiece[] = []
  for (const { from, to } of arrange(segmenter(piece.text), behavior))
    if (from < to) pieces.push(slicePiece(piece, from, to))
  return pieces
}
