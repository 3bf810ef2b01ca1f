import { checkMaxLength } from './collate.ts'
import type { Limits } from './read-limits.ts'
import { specialCount, type Template } from './template.ts'
import type { TokenRows } from './token-rows.ts'

/** Rows of ids of different lengths in one array: row `i` spans `offsets[i]` to `offsets[i + 1]`. */
export interface RaggedRows {
  readonly values: Int32Array
  readonly offsets: Int32Array
}

/**
 * Truncates rows of tokens and surrounds them with special tokens, without padding.
 *
 * @throws KicError `tokenizer/bad-length` for a `maxLength` that leaves no room for a token.
 */
export const raggedRows = (
  { ids, offsets }: TokenRows,
  { single }: Template,
  limits: Limits,
  maxLength: number,
): RaggedRows => {
  const added = specialCount(single)
  checkMaxLength('encodeRows', maxLength, added, limits.maxLength)
  const rows = offsets.length - 1
  const room = maxLength - added
  const ends = new Int32Array(rows + 1)
  for (let row = 0; row < rows; row++) {
    const count = (offsets[row + 1] as number) - (offsets[row] as number)
    ends[row + 1] = (ends[row] as number) + added + Math.min(count, room)
  }
  const values = new Int32Array(ends[rows] as number)
  for (let row = 0; row < rows; row++) {
    let at = ends[row] as number
    const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
    const kept = Math.min(end - start, room)
    const from = limits.truncationSide === 'left' ? end - kept : start
    for (const piece of single) {
      if ('ids' in piece) {
        values.set(piece.ids, at)
        at += piece.ids.length
      } else {
        for (let i = 0; i < kept; i++) values[at + i] = ids[from + i] as number
        at += kept
      }
    }
  }
  return { values, offsets: ends }
}
