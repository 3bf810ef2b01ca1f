import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { type ByteSource, formatOf } from './open-bytes.ts'

/** A source by what opens it: a whole file that comes as cells, or text. */
export type TableSource =
  | { readonly format: 'parquet' | 'xlsx'; readonly source: string | Uint8Array }
  | { readonly format: 'text'; readonly source: ByteSource }

/**
 * Looks at the first bytes of a source.
 *
 * @throws KicError `data/unknown-sheet` for a sheet of what has none, `data/unreadable-workbook` for an old workbook.
 */
export const tableSource = async (
  source: ByteSource,
  sheet: string | undefined,
  name: string,
): Promise<TableSource> => {
  const format = await formatOf(source)
  if (sheet !== undefined && format !== 'zip')
    throw new KicError<DataErrorCode>(
      'data/unknown-sheet',
      `${name}: only XLSX workbooks have sheets, received sheet '${sheet}'. Leave the sheet out.`,
    )
  if (format === 'text' || (typeof source !== 'string' && !(source instanceof Uint8Array)))
    return { format: 'text', source }
  if (format === 'ole')
    throw new KicError<DataErrorCode>(
      'data/unreadable-workbook',
      `${name}: a workbook must be .xlsx without a password, received an old .xls workbook or one with a password. Save it again.`,
    )
  return { format: format === 'zip' ? 'xlsx' : 'parquet', source }
}
