import { decodeText, type Encoding } from './decode-text.ts'
import type { Messages } from './messages.ts'
import { parseTable, type Table } from './table.ts'

/** Larger files would fill a phone's memory. */
const LARGEST = 64 * 2 ** 20

/**
 * Reads a visitor's file as a table.
 *
 * @throws an Error with a message for the visitor
 */
export const openTable = async (
  file: File,
  t: Pick<Messages, 'tooLarge' | 'notText'>,
): Promise<{ readonly table: Table; readonly encoding: Encoding }> => {
  if (file.size > LARGEST) throw new Error(t.tooLarge)
  // A dropped folder is a file that cannot be read.
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()))
  if (decoded === undefined) throw new Error(t.notText)
  return { table: parseTable(decoded.text), encoding: decoded.encoding }
}
