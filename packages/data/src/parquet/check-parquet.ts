import type {
  AsyncBuffer,
  ColumnMetaData,
  Compressors,
  FileMetaData,
  PageHeader,
  SchemaElement,
} from 'hyparquet'
import { checkThrift } from './check-thrift.ts'

/** Values of a page, and bytes of all unpacked pages, allowed for a file of any size. */
const SOME_VALUES = 2 ** 20
const SOME_BYTES = 2 ** 22

/** Values allowed for each byte of the file: repetition compresses well, but not without limit. */
const VALUES_OF_A_BYTE = 64
const UNPACKED_OF_A_BYTE = 200

/**
 * Checks the metadata at the end of a file before they are decoded.
 *
 * @throws Error with the fault
 */
export const checkFooter = async (file: AsyncBuffer): Promise<void> => {
  const end = new DataView(await file.slice(Math.max(0, file.byteLength - 8), file.byteLength))
  if (end.byteLength < 8) throw new Error('the file is too short for Parquet')
  const size = wholeNumber('the length of its metadata', end.getUint32(0, true), file.byteLength - 8)
  checkThrift(new Uint8Array(await file.slice(file.byteLength - 8 - size, file.byteLength - 8)), 0)
}

interface Limits {
  /** Of one page. */
  readonly values: number
  /** Of all pages together; decreases as pages are read. */
  bytes: number
}

/**
 * Walks the pages of flat columns before `hyparquet` decodes them. `hyparquet` trusts a page's own numbers: a run of
 * two thousand million values, or a page that ends before it starts, would crash the process or never end.
 *
 * @param wanted names of the columns to read
 * @throws Error with the fault
 */
export const checkParquet = async (
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly SchemaElement[],
  wanted: ReadonlySet<string>,
  compressors: Compressors,
): Promise<void> => {
  const { parquetHeader } = await import('hyparquet/src/column.js')
  const limits: Limits = {
    values: Math.max(SOME_VALUES, VALUES_OF_A_BYTE * file.byteLength),
    bytes: Math.max(SOME_BYTES, UNPACKED_OF_A_BYTE * file.byteLength),
  }
  for (const group of metadata.row_groups) {
    const rows = wholeNumber('num_rows of a row group', group.num_rows, Number.MAX_SAFE_INTEGER)
    for (const { meta_data: column } of group.columns) {
      const element = columns.find(({ name }) => name === column?.path_in_schema.join('.'))
      if (column === undefined || element === undefined) throw new Error('a column is not in the schema')
      if (!wanted.has(element.name)) continue
      const bytes = await columnBytes(file, column)
      const reader = { view: new DataView(bytes.buffer), offset: 0 }
      for (let values = 0; values < rows; ) {
        const left = bytes.length - reader.offset
        if (left <= 0) throw new Error(`column '${element.name}' ends before its last row`)
        checkThrift(bytes, reader.offset)
        const header = parquetHeader(reader)
        const size = wholeNumber('compressed_page_size', header.compressed_page_size, left)
        limits.bytes -= wholeNumber('uncompressed_page_size', header.uncompressed_page_size, limits.bytes)
        const page = bytes.subarray(reader.offset, reader.offset + size)
        values += checkPage(
          page,
          header,
          element,
          (packed, length) => {
            if (column.codec === 'UNCOMPRESSED') return packed
            const decompress = compressors[column.codec]
            if (decompress === undefined) throw new Error(`the compression ${column.codec} is unknown`)
            return decompress(packed, length)
          },
          limits,
        )
        reader.offset += size
      }
    }
  }
}

const columnBytes = async (
  file: AsyncBuffer,
  { dictionary_page_offset, data_page_offset, total_compressed_size }: ColumnMetaData,
): Promise<Uint8Array<ArrayBuffer>> => {
  // Some writers give 0 if there is no dictionary.
  const hasDictionary = dictionary_page_offset !== undefined && dictionary_page_offset > 0
  const start = wholeNumber(
    'the offset of a column',
    hasDictionary ? dictionary_page_offset : data_page_offset,
    file.byteLength,
  )
  const size = wholeNumber('total_compressed_size', total_compressed_size, file.byteLength - start)
  return new Uint8Array(await file.slice(start, start + size))
}

/** The page's number of values; 0 for a dictionary. */
const checkPage = (
  packed: Uint8Array,
  { type, uncompressed_page_size, ...header }: PageHeader,
  element: SchemaElement,
  unpack: (packed: Uint8Array, length: number) => Uint8Array,
  limits: Limits,
): number => {
  const optional = element.repetition_type !== 'REQUIRED'
  if (type === 'DICTIONARY_PAGE') {
    wholeNumber('num_values', header.dictionary_page_header?.num_values, uncompressed_page_size)
    return 0
  }
  const { data_page_header: one, data_page_header_v2: two } = header
  if (type === 'DATA_PAGE' && one !== undefined) {
    const values = wholeNumber('num_values', one.num_values, limits.values)
    const page = unpack(packed, uncompressed_page_size)
    if (optional) checkRuns(page, 4, 1, values)
    checkValues(page.subarray(optional ? 4 + lengthAt(page, 0) : 0), one.encoding, element, values)
    return values
  }
  if (type === 'DATA_PAGE_V2' && two !== undefined) {
    const values = wholeNumber('num_values', two.num_values, limits.values)
    wholeNumber('num_nulls', two.num_nulls, values)
    const repetitions = wholeNumber(
      'repetition_levels_byte_length',
      two.repetition_levels_byte_length,
      packed.length,
    )
    const definitions = wholeNumber(
      'definition_levels_byte_length',
      two.definition_levels_byte_length,
      packed.length - repetitions,
    )
    const levels = repetitions + definitions
    if (optional && definitions > 0) checkRuns(packed, repetitions, 1, values)
    const length = wholeNumber(
      'the length of a page',
      uncompressed_page_size - levels,
      uncompressed_page_size,
    )
    const body = packed.subarray(levels)
    checkValues(two.is_compressed === false ? body : unpack(body, length), two.encoding, element, values)
    return values
  }
  throw new Error(`the page type ${type} is unknown`)
}

/** Checks the runs of dictionary numbers or booleans. Other encodings cannot claim more values than they have. */
const checkValues = (page: Uint8Array, encoding: string, { type }: SchemaElement, values: number): void => {
  const isBoolean = type === 'BOOLEAN'
  if (encoding === 'RLE') {
    if (!isBoolean) throw new Error('a run of values must be booleans')
    checkRuns(page, 4, 1, values)
  }
  if (encoding !== 'PLAIN_DICTIONARY' && encoding !== 'RLE_DICTIONARY') return
  const [width = 0] = page
  if (isBoolean || width > 32) throw new Error(`dictionary numbers of ${type} have ${width} bits`)
  if (width > 0) checkRuns(page, 1, width, values)
}

/**
 * Checks runs of the hybrid of run lengths and packed bits (Parquet's Encodings.md): no repeated value may occur more
 * often than the page has values. Packed bits come in groups of eight and may be padded, and nulls have no value.
 */
const checkRuns = (bytes: Uint8Array, start: number, width: number, values: number): void => {
  let at = start
  for (let seen = 0; seen < values && at < bytes.length; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
      if (shift > 28) throw new Error('a run has no length')
    }
    const packed = header % 2 === 1
    const count = Math.floor(header / 2)
    if (!packed && count > values - seen) throw new Error('a run has more values than its page')
    at += packed ? count * width : Math.ceil(width / 8)
    seen += packed ? 8 * count : count
  }
}

const lengthAt = (bytes: Uint8Array, at: number): number =>
  bytes.length < at + 4
    ? Number.POSITIVE_INFINITY
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true)

const wholeNumber = (name: string, value: unknown, most: number): number => {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= most)
    return number
  throw new Error(`${name} must be a whole number up to ${most}, received ${String(value)}`)
}
