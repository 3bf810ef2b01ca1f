import type { RecordBlock } from './cut-records.ts'
import { decodeStrict, type TextEncoding } from './strict-decoding.ts'

const undecodableRecords = ({ bytes, records }: RecordBlock, encoding: TextEncoding): number => {
  if (decodeStrict(bytes, encoding) !== undefined) return 0
  return records.filter(({ start, end }) => decodeStrict(bytes.subarray(start, end), encoding) === undefined)
    .length
}

/**
 * Decides between UTF-8 and cp949 by the first block that is not plain ASCII: strict UTF-8 if every record of it is,
 * otherwise the encoding that leaves fewer records undecodable, UTF-8 among equals.
 */
export const detectEncoding = (block: RecordBlock): TextEncoding => {
  const asUtf8 = undecodableRecords(block, 'utf-8')
  if (asUtf8 === 0) return 'utf-8'
  return undecodableRecords(block, 'cp949') < asUtf8 ? 'cp949' : 'utf-8'
}
