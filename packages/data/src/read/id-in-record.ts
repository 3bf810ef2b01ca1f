import { withoutGuard } from '../write/csv-cell.ts'
import { quotedRecord } from './header-record.ts'
import type { Layout } from './layout.ts'
import { idPosition } from './parse-row.ts'
import { type ByteEncoding, decodeStrict } from './strict-decoding.ts'

/** The known properties of a source's records. */
interface Source {
  readonly layout: Layout
  readonly name: string
}

const cellsOf = (text: string, { delimiter, quoted }: Layout): readonly string[] => {
  if (delimiter === 'none') return [text]
  // A broken object has no cells.
  if (delimiter === 'json') return []
  return quoted === false ? text.split(delimiter) : quotedRecord(text, delimiter).cells
}

/** An id as a row would have it; undefined for none. */
const readId = (written: string | undefined, { answers }: Layout): string | undefined => {
  const id = (answers === 'guarded' ? withoutGuard(written ?? '') : (written ?? '')).trim()
  return id === '' ? undefined : id
}

/** The id of a record that is not a row, from its text; undefined if it cannot be determined. */
export const idInText = (text: string, line: number, { layout, name }: Source): string | undefined => {
  if (!layout.columns.some(({ holds }) => holds === 'id')) return `${name}:${line}`
  const cells = cellsOf(text, layout)
  const position = idPosition(layout, cells.length === layout.columns.length)
  return position === undefined ? undefined : readId(cells[position], layout)
}

/**
 * The id of an undecodable record, from its bytes; undefined if it cannot be determined.
 *
 * @param complete whether these are all bytes of the record; if not, its last cell may be cut
 */
export const idInBytes = (
  bytes: Uint8Array,
  line: number,
  complete: boolean,
  { layout, name, encoding }: Source & { readonly encoding: ByteEncoding },
): string | undefined => {
  if (!layout.columns.some(({ holds }) => holds === 'id')) return `${name}:${line}`
  // Each byte as one character: the bytes of delimiters are not part of other characters in either encoding.
  const cells = cellsOf(Buffer.from(bytes).toString('latin1'), layout)
  const position = idPosition(layout, cells.length === layout.columns.length)
  if (position === undefined || (!complete && position >= cells.length - 1)) return undefined
  return readId(decodeStrict(Buffer.from(cells[position] ?? '', 'latin1'), encoding), layout)
}
