import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'
import { scanJson } from './scan-json.ts'
import { isStoredDType, STORED_BYTES, type StoredTensor, UNREAD_BITS } from './stored-tensor.ts'

/** The position of a tensor in the file; offsets count from the end of the header. */
export interface SafetensorsEntry extends StoredTensor {
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** Bytes before the header: its length, a little-endian 64-bit number. */
export const LENGTH_BYTES = 8

/** Longest header that is read: room for 100,000 tensors, and a bound on what a hostile file can make us parse. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024

/**
 * The header's length in bytes, from the first eight bytes of a file of `fileSize` bytes.
 *
 * @throws KicError `safetensors/truncated`, `safetensors/header-length`
 */
export const safetensorsHeaderLength = (start: Uint8Array, fileSize: number): number => {
  if (start.length < LENGTH_BYTES || fileSize < LENGTH_BYTES) {
    throw new KicError<SafetensorsErrorCode>(
      'safetensors/truncated',
      `readSafetensors: a safetensors file has at least ${LENGTH_BYTES} bytes, this has ${fileSize}.`,
    )
  }
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER_BYTES) || length > BigInt(fileSize - LENGTH_BYTES)) {
    throw new KicError<SafetensorsErrorCode>(
      'safetensors/header-length',
      `readSafetensors: the header claims ${length} bytes; at most ${MAX_HEADER_BYTES} are read and the file has ${
        fileSize - LENGTH_BYTES
      } left. This is not a safetensors file, or it is cut off.`,
    )
  }
  return Number(length)
}

/**
 * Checks a header completely: valid JSON without repeated names, shapes that fit their bytes, and tensors that cover the
 * data without gap or overlap. Tensors of types that are not read are described too: only their use is refused. Of a type
 * that the format got later, the size of an element is unknown, and the offsets alone are checked.
 *
 * @param bytes the header alone
 * @param dataLength bytes of the file after the header
 * @throws KicError `safetensors/header`, `-duplicate`, `-dtype`, `-shape`, `-offsets`
 */
export const parseSafetensorsHeader = (bytes: Uint8Array, dataLength: number): SafetensorsHeader => {
  const json = parseJson(bytes)
  const metadata = new Map<string, string>()
  const entries: SafetensorsEntry[] = []
  for (const [name, value] of Object.entries(json)) {
    if (name === '__proto__') throw refused('header', "a tensor is called '__proto__'")
    if (name === '__metadata__') {
      if (!isRecord(value)) throw refused('header', '__metadata__ is not an object')
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string' || key === '__proto__') {
          throw refused('header', `__metadata__ may hold only texts; ${JSON.stringify(key)} is not one`)
        }
        metadata.set(key, text)
      }
    } else {
      entries.push(parseEntry(name, value, dataLength))
    }
  }
  checkCover(entries, dataLength)
  return { entries, metadata: Object.fromEntries(metadata) }
}

const parseJson = (bytes: Uint8Array): Record<string, unknown> => {
  let json: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // Object → tensor → shape: three levels are all the format has.
    scanJson(text, 3)
    json = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof KicError) throw cause
    throw refused(
      'header',
      `the header is not JSON in UTF-8 (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    )
  }
  if (!isRecord(json)) throw refused('header', 'the header is not a JSON object')
  return json
}

const parseEntry = (name: string, value: unknown, dataLength: number): SafetensorsEntry => {
  const of = `of ${JSON.stringify(name)}`
  if (!isRecord(value)) throw refused('header', `the entry ${of} is not an object`)
  const { dtype, shape, data_offsets: offsets } = value
  if (typeof dtype !== 'string' || !DTYPE.test(dtype)) {
    throw refused('dtype', `the dtype ${of} is ${JSON.stringify(dtype)?.slice(0, 200)}, no name of a type`)
  }
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw refused('shape', `the shape ${of} is not a list of sizes`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw refused('offsets', `the data_offsets ${of} are not two numbers`)
  }
  const [begin = 0, end = 0]: number[] = offsets
  if (begin > end || end > dataLength) {
    throw refused(
      'offsets',
      `the data_offsets ${of} are ${begin} to ${end}, but there are ${dataLength} bytes`,
    )
  }
  const elementBits = bitsOf(dtype)
  let bits = elementBits ?? 1
  for (const size of shape) {
    bits *= size
    if (!Number.isSafeInteger(bits)) throw refused('shape', `the shape ${of} is too large`)
  }
  if (elementBits !== undefined && bits !== 8 * (end - begin)) {
    throw refused(
      'shape',
      `${JSON.stringify(name)} as ${dtype} [${shape}] has ${bits / 8} bytes, its data_offsets say ${end - begin}`,
    )
  }
  return { name, dtype, shape, begin, end }
}

/** How the format names types; any such name may be one that it got later. */
const DTYPE = /^[A-Z][A-Z0-9_]{0,31}$/

/** Bits of one element; `undefined` for a type that is not known. */
const bitsOf = (dtype: string): number | undefined => {
  if (isStoredDType(dtype)) return 8 * STORED_BYTES[dtype]
  return Object.hasOwn(UNREAD_BITS, dtype) ? UNREAD_BITS[dtype] : undefined
}

const checkCover = (entries: readonly SafetensorsEntry[], dataLength: number): void => {
  let covered = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw refused(
        'offsets',
        `${JSON.stringify(name)} begins at byte ${begin}, ${begin < covered ? 'inside' : 'with a gap after'} what ends at ${covered}`,
      )
    }
    covered = end
  }
  if (covered !== dataLength)
    throw refused('offsets', `the tensors end at byte ${covered}, the data at ${dataLength}`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)

const refused = (
  rule: 'dtype' | 'header' | 'offsets' | 'shape' | 'duplicate',
  what: string,
  cause?: unknown,
): KicError =>
  new KicError<SafetensorsErrorCode>(
    `safetensors/${rule}`,
    `readSafetensors: ${what}. The file is damaged or not safetensors.`,
    {
      cause,
    },
  )
