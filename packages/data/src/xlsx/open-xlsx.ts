import type { KnownOfRow } from '../parquet/open-parquet.ts'
import { excerptOf, type Reject } from '../read/reject.ts'
import type { CellRecord } from '../read/split-cells.ts'
import { type SheetCell, type SheetRow, sheetRows } from './sheet-rows.ts'
import { chooseSheet, readWorkbook } from './workbook.ts'
import { damagedXlsx, openZip, type PartLimit } from './zip-parts.ts'

/** Rows of a sheet as cells. */
export interface XlsxBlock {
  readonly records: readonly CellRecord[]
  readonly rejects: readonly Reject[]
  readonly blankLines: number
}

/** The rules for cutting rows from a sheet. */
export interface XlsxRules {
  /** The first possible row of a record, after the header. */
  readonly firstLine: number
  /** The number of cells of a record. */
  readonly width: number
  /** Whether cells after the last column are ignored; if not, they are an error. */
  readonly mayHaveMore: boolean
  /** Whether each cell must be readable. */
  readonly wanted: readonly boolean[]
  /** Returns the id and the passed-through columns of a row with an unreadable cell. */
  readonly known: KnownOfRow
}

/** One sheet of a workbook. */
export interface OpenedXlsx {
  /** XLSX, and the name of the sheet if there are several. */
  readonly title: string
  /** The first row with content: the header, if there is one. */
  readonly first: { readonly line: number; readonly cells: readonly string[] }
  blocks(rules: XlsxRules): AsyncIterable<XlsxBlock>
  close(): void
}

/** Rows are streamed and not held in memory, so the limit bounds time: no sheet compresses better than this. */
const sheetPart: PartLimit = { bytes: 1 << 24, perPackedByte: 250 }

const shown = (cell: SheetCell): string => (typeof cell === 'string' ? cell : cell.shown)

const recordOf = ({ line, cells }: SheetRow, rules: XlsxRules): CellRecord | Reject => {
  const own = cells.slice(0, rules.width)
  const texts = own.map(shown)
  // One more cell shows that there are too many.
  const more = !rules.mayHaveMore && cells.slice(rules.width).some((cell) => shown(cell).trim() !== '')
  const width = more ? rules.width + 1 : rules.width
  while (texts.length < width) texts.push('')
  const text = texts.join(' | ')
  const at = own.findIndex((cell, i) => typeof cell !== 'string' && rules.wanted[i])
  const bad = own[at]
  if (bad === undefined || typeof bad === 'string') return { line, text, cells: texts }
  return {
    line,
    ...rules.known(texts, line),
    reason: 'unreadable-cell',
    message: `cell ${at + 1} of the row must be text, received ${bad.problem}. Correct it in a spreadsheet program and save the workbook again.`,
    excerpt: excerptOf(text),
  }
}

const isBlank = ({ cells }: SheetRow): boolean => cells.every((cell) => shown(cell).trim() === '')

/**
 * Opens a sheet of an XLSX workbook (ECMA-376): the ZIP archive through `yauzl` and the XML through `saxes`, both as
 * streams, so that only the shared strings are held in memory.
 *
 * @param wanted the name of the sheet; by default the first visible one
 * @throws KicError `data/damaged-xlsx`, `data/unreadable-workbook`, `data/unknown-sheet`, `data/not-text`
 */
export const openXlsx = async (
  source: string | Uint8Array,
  name: string,
  wanted: string | undefined,
): Promise<OpenedXlsx> => {
  const zip = await openZip(source, name)
  try {
    const workbook = await readWorkbook(zip, name)
    const sheet = chooseSheet(workbook, wanted, name)
    const rows = () => sheetRows(zip.read(sheet.part, sheetPart), workbook)

    const firstRow = async (): Promise<OpenedXlsx['first']> => {
      for await (const found of rows()) {
        const row = found.find((candidate) => !isBlank(candidate))
        if (row !== undefined) return { line: row.line, cells: row.cells.map(shown) }
      }
      return { line: 0, cells: [] }
    }

    async function* blocks(rules: XlsxRules): AsyncGenerator<XlsxBlock> {
      // Rows with formatting alone may continue after the last answer; they are not blank lines.
      let blank = 0
      try {
        for await (const found of rows()) {
          const records: CellRecord[] = []
          const rejects: Reject[] = []
          let blankLines = 0
          for (const row of found) {
            if (row.line < rules.firstLine) continue
            if (isBlank(row)) {
              blank += 1
              continue
            }
            blankLines += blank
            blank = 0
            const record = recordOf(row, rules)
            if ('reason' in record) rejects.push(record)
            else records.push(record)
          }
          yield { records, rejects, blankLines }
        }
      } catch (error) {
        throw damagedXlsx(name, error)
      }
    }

    const title =
      workbook.sheets.length === 1
        ? 'XLSX'
        : `XLSX sheet '${excerptOf(sheet.name)}' of ${workbook.sheets.length}`
    return { title, first: await firstRow(), blocks, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw damagedXlsx(name, error)
  }
}
