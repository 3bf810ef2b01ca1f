import { type CellFormat, dateText, numberText } from './cell-formats.ts'
import { readXml } from './read-xml.ts'
import type { Workbook } from './workbook.ts'
import { unescapeCellText } from './xml-text.ts'

/** A cell as text, or its problem with the text that a spreadsheet program shows. */
export type SheetCell = string | { readonly problem: string; readonly shown: string }

/** A row with cells, by the row number of a spreadsheet program. */
export interface SheetRow {
  readonly line: number
  /** From the first column to the last one with content. */
  readonly cells: readonly SheetCell[]
}

const lastRow = 1_048_576
const lastColumn = 16_384

/** The position of a cell in its row by its reference: 2 for 'C17'. */
const columnOf = (reference: string): number => {
  const letters = /^[A-Z]{1,3}(?=[0-9]{1,7}$)/.exec(reference)?.[0]
  if (letters === undefined) throw new Error(`a cell has the invalid reference '${reference.slice(0, 20)}'`)
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

const emptyCell = (cell: SheetCell): boolean => cell === ''

interface OpenCell {
  readonly column: number
  readonly type: string
  readonly style: number
  value: string | undefined
  inline: string
  formula: boolean
}

const numberCell = (text: string, format: CellFormat, from1904: boolean): SheetCell => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Error(`a cell has the invalid number '${text.slice(0, 20)}'`)
  if (format === 'date') return dateText(value, from1904) ?? numberText(value)
  if (format === 'number' || !Number.isInteger(value) || value < 0) return numberText(value)
  return numberText(value).padStart(format.digits, '0')
}

const cellText = (cell: OpenCell, { sharedStrings, formats, from1904 }: Workbook): SheetCell => {
  const { type, value, formula, inline } = cell
  if (type === 'inlineStr') return unescapeCellText(inline)
  // A program that only writes formulas omits their values or leaves them empty.
  if (formula && type !== 'str' && (value ?? '').trim() === '')
    return { problem: 'a formula without a stored value', shown: '' }
  if (value === undefined) return ''
  switch (type) {
    case 's': {
      const text = sharedStrings[/^\s*\d+\s*$/.test(value) ? Number(value) : -1]
      if (text === undefined)
        throw new Error(`a cell refers to text ${value.slice(0, 20)} of ${sharedStrings.length}`)
      return text
    }
    case 'str':
    case 'd':
      return unescapeCellText(value)
    case 'b':
      return value.trim() === '1' || value.trim() === 'true' ? 'TRUE' : 'FALSE'
    case 'e':
      return { problem: `the error ${value.slice(0, 20)}`, shown: value.slice(0, 20) }
    case '':
    case 'n':
      return value === '' ? '' : numberCell(value, formats[cell.style] ?? 'number', from1904)
    default:
      throw new Error(`a cell has the unknown type '${type.slice(0, 20)}'`)
  }
}

/**
 * The rows of a sheet with cells, as a stream. Formulas are not computed; their stored value is read.
 *
 * @throws Error for XML that is not well formed, cells out of order or range, and dangling references
 */
export async function* sheetRows(
  bytes: AsyncIterable<Uint8Array>,
  workbook: Workbook,
): AsyncGenerator<SheetRow[]> {
  let found: SheetRow[] = []
  let [line, inRow, nextColumn] = [0, false, 0]
  let cells: SheetCell[] = []
  let cell: OpenCell | undefined
  let [inValue, inText, phonetic] = [false, false, false]

  const openRow = (reference: string | undefined): void => {
    const next = reference === undefined ? line + 1 : Number(reference)
    if (!Number.isInteger(next) || next <= line || next > lastRow)
      throw new Error(`row ${String(reference).slice(0, 20)} comes after row ${line}`)
    line = next
    inRow = true
    nextColumn = 0
    cells = []
  }

  const openCell = ({ r, t = '', s = '0' }: Readonly<Record<string, string>>): void => {
    const column = r === undefined ? nextColumn : columnOf(r)
    if (column >= lastColumn) throw new Error(`a row has more than ${lastColumn} cells`)
    nextColumn = column + 1
    cell = { column, type: t, style: Number(s), value: undefined, inline: '', formula: false }
  }

  const closeCell = (done: OpenCell): void => {
    const text = cellText(done, workbook)
    if (emptyCell(text)) return
    while (cells.length < done.column) cells.push('')
    cells[done.column] = text
  }

  const reading = readXml(bytes, {
    open: (name, attributes) => {
      if (name === 'row') openRow(attributes.r)
      else if (name === 'c' && inRow) openCell(attributes)
      else if (cell === undefined) return
      else if (name === 'v') {
        inValue = true
        cell.value = ''
      } else if (name === 'f') cell.formula = true
      else if (name === 'rPh') phonetic = true
      else if (name === 't') inText = !phonetic
    },
    text: (piece) => {
      if (cell === undefined) return
      if (inValue) cell.value += piece
      else if (inText) cell.inline += piece
    },
    close: (name) => {
      if (name === 'row') {
        inRow = false
        found.push({ line, cells })
      } else if (name === 'c' && cell !== undefined) {
        closeCell(cell)
        cell = undefined
      } else if (name === 'v') inValue = false
      else if (name === 'rPh') phonetic = false
      else if (name === 't') inText = false
    },
  })
  for await (const _ of reading) {
    if (found.length === 0) continue
    yield found
    found = []
  }
}
