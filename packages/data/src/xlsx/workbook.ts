import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { headerKey } from '../read/header-name.ts'
import { type CellFormat, cellFormatOf } from './cell-formats.ts'
import { readAllXml } from './read-xml.ts'
import { unescapeCellText } from './xml-text.ts'
import type { PartLimit, ZipParts } from './zip-parts.ts'

/** A sheet of cells, and its part in the archive. */
export interface Sheet {
  readonly name: string
  readonly part: string
  readonly hidden: boolean
}

/** The data that the cells of all sheets refer to. */
export interface Workbook {
  readonly sheets: readonly Sheet[]
  readonly sharedStrings: readonly string[]
  readonly formats: readonly CellFormat[]
  /** Whether days are counted from 1904, as on the old Macintosh. */
  readonly from1904: boolean
}

/**
 * These parts are held in memory. Survey answers compress to a third or a tenth, and the tags between them further.
 */
const heldPart: PartLimit = { bytes: 1 << 20, perPackedByte: 100 }

const folderOf = (part: string): string => part.slice(0, part.lastIndexOf('/') + 1)

/** Resolves a part name relative to another. */
const resolve = (base: string, target: string): string => {
  const parts: string[] = []
  for (const step of (target.startsWith('/') ? target : `${folderOf(base)}${target}`).split('/')) {
    if (step === '..') parts.pop()
    else if (step !== '' && step !== '.') parts.push(step)
  }
  return parts.join('/')
}

interface Relationship {
  readonly part: string
  /** The last word of its type: 'worksheet', 'sharedStrings'. */
  readonly type: string
}

const relationshipsOf = async (zip: ZipParts, part: string): Promise<ReadonlyMap<string, Relationship>> => {
  const found = new Map<string, Relationship>()
  const path = `${folderOf(part)}_rels/${part.slice(folderOf(part).length)}.rels`
  if (!zip.has(path)) return found
  await readAllXml(zip.read(path, heldPart), {
    open: (name, { Id = '', Target = '', Type = '', TargetMode }) => {
      // Targets outside the file are ignored.
      if (name === 'Relationship' && TargetMode !== 'External')
        found.set(Id, { part: resolve(part, Target), type: Type.slice(Type.lastIndexOf('/') + 1) })
    },
  })
  return found
}

const readSharedStrings = async (zip: ZipParts, part: string): Promise<readonly string[]> => {
  const strings: string[] = []
  let text = ''
  let [inText, phonetic] = [false, false]
  await readAllXml(zip.read(part, heldPart), {
    open: (name) => {
      if (name === 'si') text = ''
      else if (name === 'rPh') phonetic = true
      else if (name === 't') inText = !phonetic
    },
    text: (piece) => {
      if (inText) text += piece
    },
    close: (name) => {
      if (name === 'si') strings.push(unescapeCellText(text))
      else if (name === 'rPh') phonetic = false
      else if (name === 't') inText = false
    },
  })
  return strings
}

const readFormats = async (zip: ZipParts, part: string): Promise<readonly CellFormat[]> => {
  const codes = new Map<number, string>()
  const formats: CellFormat[] = []
  let inCells = false
  await readAllXml(zip.read(part, heldPart), {
    open: (name, { numFmtId = '0', formatCode }) => {
      const id = Number(numFmtId)
      if (name === 'numFmt' && formatCode !== undefined) codes.set(id, formatCode)
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) formats.push(cellFormatOf(id, codes.get(id)))
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}

const readSheets = async (zip: ZipParts, part: string, parts: ReadonlyMap<string, Relationship>) => {
  const sheets: Sheet[] = []
  let from1904 = false
  await readAllXml(zip.read(part, heldPart), {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
      if (tag !== 'sheet') return
      const id = Object.entries(attributes).find(([name]) => name === 'id' || name.endsWith(':id'))?.[1]
      const related = parts.get(id ?? '')
      // Sheets of charts have no cells.
      if (related?.type !== 'worksheet') return
      const hidden = !['visible', ''].includes(attributes.state ?? '')
      sheets.push({ name: attributes.name ?? '', part: related.part, hidden })
    },
  })
  return { sheets, from1904 }
}

/** The part with the workbook; archives of other kinds are refused by name. */
const workbookPart = async (zip: ZipParts, name: string): Promise<string> => {
  const roots = zip.has('_rels/.rels') ? [...(await relationshipsOf(zip, '')).values()] : []
  const part = roots.find(({ type }) => type === 'officeDocument')?.part ?? 'xl/workbook.xml'
  const refuse = (what: string): never => {
    throw new KicError<DataErrorCode>(
      'data/unreadable-workbook',
      `${name}: a workbook must be .xlsx, received ${what}. Save it as .xlsx.`,
    )
  }
  if (part.endsWith('.bin')) refuse('a binary workbook (.xlsb)')
  if (/^(?:word|ppt|visio)\//.test(part)) refuse('an Office document other than a workbook')
  if (zip.has(part)) return part
  if (zip.has('content.xml') && zip.has('mimetype')) refuse('an OpenDocument file')
  throw new KicError<DataErrorCode>(
    'data/not-text',
    `${name}: the source must be text or a workbook, received a ZIP archive without a workbook. Unpack it first.`,
  )
}

/**
 * Reads the description of a workbook, before its rows.
 *
 * @throws KicError `data/damaged-xlsx`, `data/unreadable-workbook`, `data/not-text`; Error for XML that is not well
 * formed
 */
export const readWorkbook = async (zip: ZipParts, name: string): Promise<Workbook> => {
  const part = await workbookPart(zip, name)
  const parts = await relationshipsOf(zip, part)
  const { sheets, from1904 } = await readSheets(zip, part, parts)
  if (sheets.length === 0) throw new Error('it has no sheet of cells')
  const partOf = (type: string): string | undefined =>
    [...parts.values()].find((related) => related.type === type)?.part
  const [strings, styles] = [partOf('sharedStrings'), partOf('styles')]
  return {
    sheets,
    from1904,
    sharedStrings: strings === undefined ? [] : await readSharedStrings(zip, strings),
    formats: styles === undefined ? [] : await readFormats(zip, styles),
  }
}

/**
 * The sheet with a name, or the first visible one.
 *
 * @throws KicError `data/unknown-sheet` with the existing names
 */
export const chooseSheet = ({ sheets }: Workbook, wanted: string | undefined, name: string): Sheet => {
  const found =
    wanted === undefined
      ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
      : (sheets.find((sheet) => sheet.name === wanted) ??
        sheets.find((sheet) => headerKey(sheet.name) === headerKey(wanted)))
  if (found !== undefined) return found
  throw new KicError<DataErrorCode>(
    'data/unknown-sheet',
    `${name}: the sheet must be one of ${sheets.map((sheet) => `'${sheet.name}'`).join(', ')}, received '${wanted}'. Correct its name.`,
  )
}
