import { createWriteStream, type WriteStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { KicError } from '@kic/core'
import { partialFile } from '@kic/core/node'
import type { ZipFile } from 'yazl'
import type { DataErrorCode } from '../error-code.ts'
import { escapeCellText, escapeXml } from './xml-text.ts'

/** Options for writing a workbook. */
export interface XlsxWriterOptions {
  /** The cells of the first row. */
  readonly columns: readonly string[]
  /** The name of the sheet; 'Sheet1' by default. */
  readonly sheet?: string | undefined
  /** Rows per sheet, including the first one; 1,048,576 by default, the maximum of a sheet. */
  readonly rowsPerSheet?: number | undefined
}

/**
 * A workbook that appears under its name once it is complete. Until then, and after a failure, it is called
 * `….partial`.
 */
export interface XlsxWriter {
  /** The path of the rows written so far. */
  readonly partial: string
  /** Number of texts cut, with `…` at their end, because a cell has at most 32,767 characters. */
  readonly cutTexts: number
  /** Writes rows: every string as text, and numbers as numbers. */
  write(rows: readonly (readonly (string | number)[])[]): Promise<void>
  /** Gives the file its name. */
  finish(): Promise<void>
  /** Closes the file and keeps a complete workbook of the rows so far. */
  keep(): Promise<void>
}

const mostRows = 1_048_576
const longestText = 32_767

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const officeRelationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types'
const spreadsheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

// Style 1 is the format Text: an edited code stays a code, and '=1+1' does not become a formula.
const styles =
  `${declaration}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'

/** A name that spreadsheet programs accept: without []:*?/\ and outer apostrophes, at most 31 characters. */
const sheetName = (name: string, number: number): string => {
  const ending = number === 1 ? '' : ` (${number})`
  const allowed =
    name
      .replace(/[[\]:*?/\\\p{Cc}]/gu, ' ')
      .replace(/^'+|'+$/g, '')
      .trim() || 'Sheet1'
  return `${[...allowed]
    .slice(0, 31 - ending.length - 4)
    .join('')
    .trim()}${ending}`
}

const columnName = (position: number): string => {
  let [name, rest] = ['', position + 1]
  for (; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

const relationships = (all: readonly (readonly [type: string, target: string])[]): string =>
  `${declaration}<Relationships xmlns="${packageRelationships}">${all
    .map(
      ([type, target], i) =>
        `<Relationship Id="rId${i + 1}" Type="${officeRelationships}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`

/** The parts beside the sheets. */
const frame = (sheets: readonly string[]): readonly (readonly [path: string, xml: string])[] => {
  const files = sheets.map((_, i) => `worksheets/sheet${i + 1}.xml`)
  const override = (path: string, type: string) =>
    `<Override PartName="/xl/${path}" ContentType="${spreadsheetType}.${type}+xml"/>`
  return [
    [
      '[Content_Types].xml',
      `${declaration}<Types xmlns="${contentTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Default Extension="xml" ContentType="application/xml"/>${override('workbook.xml', 'sheet.main')}` +
        `${files.map((file) => override(file, 'worksheet')).join('')}${override('styles.xml', 'styles')}</Types>`,
    ],
    ['_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']])],
    [
      'xl/workbook.xml',
      `${declaration}<workbook xmlns="${main}" xmlns:r="${officeRelationships}"><sheets>${sheets
        .map((name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
        .join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relationships([...files.map((file) => ['worksheet', file] as const), ['styles', 'styles.xml']]),
    ],
    ['xl/styles.xml', styles],
  ]
}

const sheetStart =
  `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" ` +
  'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
const sheetEnd = '</sheetData></worksheet>'

// Equal rows give equal bytes, whenever and wherever they are written.
const entryOptions = {
  mtime: new Date(Date.UTC(1980, 0, 1, 12)),
  forceDosTimestamp: true,
  mode: 0o100644,
} as const

/** Rows as sheet XML, from a given row on. */
const rowsXml = (
  rows: readonly (readonly (string | number)[])[],
  first: number,
  cut: (text: string) => string,
): string =>
  rows
    .map((cells, i) => {
      const row = first + i
      const xml = cells.map((cell, column) => {
        const place = `${columnName(column)}${row}`
        if (cell === '') return ''
        if (typeof cell === 'number' && Number.isFinite(cell)) return `<c r="${place}"><v>${cell}</v></c>`
        return `<c r="${place}" s="1" t="inlineStr"><is><t xml:space="preserve">${escapeCellText(cut(String(cell)))}</t></is></c>`
      })
      return `<row r="${row}">${xml.join('')}</row>`
    })
    .join('')

/** The output file of a ZIP archive, and its failure, whenever it happens. */
interface Target {
  readonly zip: ZipFile
  readonly done: Promise<void>
}

const openTarget = async (partial: string): Promise<Target> => {
  const yazl = await import('yazl')
  const file: WriteStream = createWriteStream(partial, { flags: 'wx' })
  const zip = new yazl.default.ZipFile()
  zip.on('error', (error) => file.destroy(error instanceof Error ? error : new Error(String(error))))
  const done = finished(zip.outputStream.pipe(file))
  // The end awaits it; until then a failure must not end the process.
  done.catch(() => undefined)
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve())
    file.once('error', reject)
  })
  return { zip, done }
}

/**
 * Opens an XLSX workbook for writing row by row, in memory bounded by the rows of a call. Strings become cells of the
 * format Text, so leading zeros stay and nothing runs as a formula. After the last possible row of a sheet, another
 * sheet follows with the same first row.
 *
 * @throws KicError `data/write-failed` if the file cannot be written
 */
export const openXlsxWriter = async (path: string, options: XlsxWriterOptions): Promise<XlsxWriter> => {
  const perSheet = Math.max(2, Math.min(options.rowsPerSheet ?? mostRows, mostRows))
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new KicError<DataErrorCode>(
        'data/write-failed',
        `openXlsxWriter: the file must be writable, received ${path}: ${why}. Check permissions and disk space.`,
        { cause },
      )
    }
  }
  const { partial, target } = await attempt(() => partialFile(path))
  const { zip, done } = await attempt(() => openTarget(partial))
  const sheets: string[] = []
  let sheet: PassThrough | undefined
  let nextRow = 1
  let cutTexts = 0

  const cut = (text: string): string => {
    if (text.length <= longestText) return text
    cutTexts += 1
    const head = text.slice(0, longestText - 1)
    // Half of a surrogate pair is not a character.
    return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}…`
  }

  const put = async (stream: PassThrough, xml: string): Promise<void> => {
    if (stream.write(xml)) return
    const failed = done.then(() => {
      throw new Error('the file was closed')
    })
    await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), failed])
  }

  const openSheet = async (): Promise<PassThrough> => {
    sheets.push(sheetName(options.sheet ?? 'Sheet1', sheets.length + 1))
    const stream = new PassThrough({ highWaterMark: 1 << 18 })
    zip.addReadStream(stream, `xl/worksheets/sheet${sheets.length}.xml`, entryOptions)
    await put(stream, sheetStart + rowsXml([options.columns], 1, cut))
    nextRow = 2
    sheet = stream
    return stream
  }

  const closeSheet = (): void => {
    sheet?.end(sheetEnd)
    sheet = undefined
  }

  const write: XlsxWriter['write'] = (rows) =>
    attempt(async () => {
      for (let at = 0; at < rows.length; ) {
        const stream = sheet ?? (await openSheet())
        const some = rows.slice(at, at + Math.min(1024, perSheet - nextRow + 1))
        await put(stream, rowsXml(some, nextRow, cut))
        nextRow += some.length
        at += some.length
        if (nextRow > perSheet) closeSheet()
      }
    })

  const close = async (): Promise<void> => {
    if (sheets.length === 0) await openSheet()
    closeSheet()
    for (const [part, xml] of frame(sheets)) zip.addBuffer(Buffer.from(xml), part, entryOptions)
    zip.end()
    await done
  }

  return {
    partial,
    get cutTexts() {
      return cutTexts
    },
    write,
    finish: () =>
      attempt(async () => {
        await close()
        const file = await open(partial, 'r+')
        try {
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(partial, target)
      }),
    keep: () => attempt(close),
  }
}
