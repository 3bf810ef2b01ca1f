import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relationship = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`

/** The parts of a workbook, as a spreadsheet program writes them. */
export interface WorkbookParts {
  /** What is in `sheetData`. */
  readonly rows: string
  /** What is in `sst`. */
  readonly strings?: string | undefined
  /** What is in `styleSheet`. */
  readonly styles?: string | undefined
  readonly date1904?: boolean | undefined
  /** Whether the parts are packed; they are by default. */
  readonly compress?: boolean | undefined
  /** The parts themselves, where they are to be other ones. */
  readonly parts?: Readonly<Record<string, string | Uint8Array>> | undefined
}

/** An archive of parts, packed or as they are. */
export const zipOf = (
  parts: Readonly<Record<string, string | Uint8Array>>,
  compress = true,
): Promise<Uint8Array> => {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path, { compress })
  zip.end()
  return buffer(zip.outputStream)
}

/** The bytes of a workbook of one sheet. */
export const workbookBytes = ({
  rows,
  strings = '',
  styles = '',
  date1904 = false,
  parts = {},
  compress = true,
}: WorkbookParts): Promise<Uint8Array> =>
  zipOf(
    {
      '_rels/.rels': `<Relationships>${relationship('r1', 'officeDocument', '/xl/workbook.xml')}</Relationships>`,
      'xl/workbook.xml': `<workbook ${main} xmlns:r="${office}"><workbookPr date1904="${date1904}"/><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${relationship('r1', 'worksheet', 'worksheets/sheet1.xml')}${relationship('r2', 'sharedStrings', 'sharedStrings.xml')}${relationship('r3', 'styles', 'styles.xml')}</Relationships>`,
      'xl/worksheets/sheet1.xml': `<worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`,
      'xl/sharedStrings.xml': `<sst ${main}>${strings}</sst>`,
      'xl/styles.xml': `<styleSheet ${main}>${styles}</styleSheet>`,
      ...parts,
    },
    compress,
  )
