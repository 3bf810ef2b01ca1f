import { type CutRules, cutRecords, type LongLine, lineFeed, type RecordBlock } from './cut-records.ts'

const concatenate = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let position = 0
  for (const piece of pieces) {
    whole.set(piece, position)
    position += piece.length
  }
  return whole
}

/**
 * Cuts a stream of bytes into blocks of whole records, in memory bounded by the block and the longest line. The cuts
 * depend on the bytes, not on the chunks in which they arrive.
 *
 * @param offset the file offset of the first byte, for instance after a byte order mark and the header
 * @param firstLine the line of the first byte
 */
export async function* splitRecords(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  offset: number,
  rules: CutRules,
  firstLine = 1,
): AsyncGenerator<RecordBlock | LongLine> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let enough = rules.blockBytes
  let line = firstLine
  let unfinished: LongLine | undefined

  const cut = (last: boolean): readonly (RecordBlock | LongLine)[] => {
    const bytes = concatenate(pending)
    const result = cutRecords(bytes, offset, line, rules, last)
    const rest = bytes.subarray(result.consumed)
    offset += result.consumed
    line = result.line
    unfinished = result.unfinished
    pending = rest.length > 0 ? [rest] : []
    pendingBytes = rest.length
    // Doubling keeps the work linear if a long line arrives in small chunks.
    enough = Math.max(rules.blockBytes, 2 * rest.length)
    return result.pieces
  }

  for await (const chunk of source) {
    let fresh = chunk
    if (unfinished !== undefined) {
      const lineBreak = chunk.indexOf(lineFeed)
      const end = lineBreak < 0 ? chunk.length : lineBreak
      unfinished = { ...unfinished, byteLength: unfinished.byteLength + end }
      offset += Math.min(end + 1, chunk.length)
      if (lineBreak < 0) continue
      yield unfinished
      unfinished = undefined
      line += 1
      fresh = chunk.subarray(end + 1)
    }
    if (fresh.length === 0) continue
    pending.push(fresh)
    pendingBytes += fresh.length
    if (pendingBytes >= enough) yield* cut(false)
  }
  if (pendingBytes > 0) yield* cut(true)
  if (unfinished !== undefined) yield unfinished
}
