import { type FileHandle, open } from 'node:fs/promises'
import { defined, float16Bits, fromFloat16, KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { Probabilities } from '@kic/scores'
import { z } from 'zod'
import type { EnsembleErrorCode } from './error-code.ts'

/** Metadata of a file of predictions. */
export interface PredictionsInfo {
  /** The predicted level, such as `group`. */
  readonly level: string
  /** Its classes, in the order of the columns. */
  readonly labels: readonly string[]
  /** Ids of the rows. */
  readonly ids: readonly string[]
}

export interface WritePredictionsOptions {
  /** `float16` (default) halves the file. It has three digits, and no values below 6e-8. */
  readonly dtype?: 'float16' | 'float32' | undefined
}

/**
 * Writes class probabilities as a safetensors file: `probabilities` F16 or F32 [N, C], and the ids of the rows as `id_bytes`
 * (UTF-8) and `id_ends` (the end of each). Its metadata have the level and the labels.
 *
 * @param blocks rows in order, as many as there are ids; they need not be in memory at once
 * @throws KicError `ensemble/predictions` if blocks, labels and ids do not match, `core/write-failed`
 */
export const writePredictions = async (
  path: string,
  { level, labels, ids }: PredictionsInfo,
  blocks: Iterable<Probabilities> | AsyncIterable<Probabilities>,
  { dtype = 'float16' }: WritePredictionsOptions = {},
): Promise<void> => {
  const bytes = new TextEncoder().encode(ids.join(''))
  const ends = new Int32Array(ids.length)
  let end = 0
  for (const [row, id] of ids.entries()) {
    end += Buffer.byteLength(id)
    ends[row] = end
  }
  if (end !== bytes.length || end > 2 ** 31 - 1) {
    throw refused('writePredictions', path, 'ids must be valid text of less than 2 GiB, received other ids')
  }
  const content = async function* (): AsyncGenerator<Uint8Array> {
    yield encodeHeader({ level, labels, rows: ids.length, dtype, idBytes: bytes.length })
    yield new Uint8Array(ends.buffer)
    let rows = 0
    for await (const block of blocks) {
      if (block.classes !== labels.length || block.data.length !== block.rows * block.classes) {
        throw refused(
          'writePredictions',
          path,
          `a block must have one probability per row and label (${labels.length} labels), received ${block.rows} × ${block.classes} in ${block.data.length} numbers`,
        )
      }
      checkValues('writePredictions', path, block, rows)
      rows += block.rows
      const stored = dtype === 'float16' ? Uint16Array.from(block.data, float16Bits) : block.data
      yield new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
    }
    if (rows !== ids.length) {
      throw refused(
        'writePredictions',
        path,
        `every id must have a row of probabilities, received ${ids.length} ids and ${rows} rows`,
      )
    }
    yield bytes
  }
  await writeFileAtomic(path, content())
}

const BYTES = { F16: 2, F32: 4 } as const
const LENGTH_BYTES = 8
/** Labels of 100,000 classes fit. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024

interface HeaderContent {
  readonly level: string
  readonly labels: readonly string[]
  readonly rows: number
  readonly dtype: 'float16' | 'float32'
  readonly idBytes: number
}

/** `id_ends` comes first, so that every array starts at a multiple of its element size. */
const encodeHeader = ({ level, labels, rows, dtype, idBytes }: HeaderContent): Uint8Array => {
  const type = dtype === 'float16' ? 'F16' : 'F32'
  const first = 4 * rows
  const second = first + rows * labels.length * BYTES[type]
  const json = JSON.stringify({
    __metadata__: { format: 'kic-predictions', version: '1', level, labels: JSON.stringify(labels) },
    id_ends: { dtype: 'I32', shape: [rows], data_offsets: [0, first] },
    probabilities: { dtype: type, shape: [rows, labels.length], data_offsets: [first, second] },
    id_bytes: { dtype: 'U8', shape: [idBytes], data_offsets: [second, second + idBytes] },
  })
  const text = new TextEncoder().encode(json)
  const padded = Math.ceil(text.length / 8) * 8
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(text, LENGTH_BYTES)
  return header
}

const size = z.int().nonnegative()
const entry = <T extends string, R extends z.ZodType>(dtype: z.ZodType<T>, shape: R) =>
  z.strictObject({ dtype, shape, data_offsets: z.tuple([size, size]) })
const headerSchema = z.strictObject({
  __metadata__: z.strictObject({
    format: z.literal('kic-predictions'),
    version: z.literal('1'),
    level: z.string().min(1),
    labels: z.string(),
  }),
  id_ends: entry(z.literal('I32'), z.tuple([size])),
  probabilities: entry(z.enum(['F16', 'F32']), z.tuple([size, size])),
  id_bytes: entry(z.literal('U8'), z.tuple([size])),
})
/** Checked as a whole: one error per entry could be a hundred times as long as the file. */
const labelsSchema = z.custom<string[]>(
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== ''),
)

/** An open file of predictions. Close it. */
export interface StoredPredictions extends PredictionsInfo {
  readonly path: string
  readonly rows: number
  /** Up to `count` rows from `start`. */
  read(start: number, count: number): Promise<Probabilities>
  close(): Promise<void>
}

/**
 * Opens a file of `writePredictions`. Rows are read on demand.
 *
 * The file is not trusted: header, sizes, ids and every probability (finite, not negative, at most 1) are checked.
 *
 * @throws KicError `ensemble/predictions` with the path
 */
export const openPredictions = async (path: string): Promise<StoredPredictions> => {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw refused('openPredictions', path, cause instanceof Error ? cause.message : String(cause), cause)
  })
  try {
    return await opened(path, file)
  } catch (error) {
    await file.close()
    throw error
  }
}

const opened = async (path: string, file: FileHandle): Promise<StoredPredictions> => {
  const fail = (what: string, cause?: unknown): never => {
    throw refused('openPredictions', path, what, cause)
  }
  const { size: fileSize } = await file.stat()
  const length = new DataView(await readBytes(path, file, 0, LENGTH_BYTES)).getBigUint64(0, true)
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, fileSize - LENGTH_BYTES))) {
    fail(`the file must hold its whole header, received a header of ${length} bytes in ${fileSize}`)
  }
  const dataStart = LENGTH_BYTES + Number(length)
  const header = parseHeader(path, await readBytes(path, file, LENGTH_BYTES, Number(length)))
  const { id_ends, probabilities, id_bytes, __metadata__ } = header
  const [rows, classes] = probabilities.shape
  const labels = parseLabels(path, __metadata__.labels)
  const first = 4 * rows
  const second = first + rows * classes * BYTES[probabilities.dtype]
  const expected = [0, first, first, second, second, second + id_bytes.shape[0]]
  const stated = [id_ends, probabilities, id_bytes].flatMap(({ data_offsets }) => data_offsets)
  if (
    id_ends.shape[0] !== rows ||
    `${stated}` !== `${expected}` ||
    dataStart + second + id_bytes.shape[0] !== fileSize
  ) {
    fail(`${rows} × ${classes} probabilities and their ids must fill the file, received ${fileSize} bytes`)
  }
  if (labels.length !== classes)
    fail(`every class must have a label, received ${labels.length} labels for ${classes} classes`)
  const ids = parseIds(
    path,
    new Int32Array(await readBytes(path, file, dataStart, first)),
    new Uint8Array(await readBytes(path, file, dataStart + second, id_bytes.shape[0])),
  )
  const rowBytes = classes * BYTES[probabilities.dtype]
  return {
    path,
    rows,
    level: __metadata__.level,
    labels,
    ids,
    read: async (start, count) => {
      const last = Math.min(rows, start + count)
      if (!(Number.isInteger(start) && start >= 0 && last >= start)) {
        throw new KicError<EnsembleErrorCode>(
          'ensemble/rows',
          `read: rows must be within the ${rows} of the file, received ${count} rows from ${start}. Correct the range.`,
        )
      }
      const buffer = await readBytes(
        path,
        file,
        dataStart + first + start * rowBytes,
        (last - start) * rowBytes,
      )
      const data =
        probabilities.dtype === 'F16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer)
      const block = { rows: last - start, classes, data }
      checkValues('read', path, block, start)
      return block
    },
    close: () => file.close(),
  }
}

const parseHeader = (path: string, buffer: ArrayBuffer): z.infer<typeof headerSchema> => {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(buffer))
  } catch (cause) {
    throw refused('openPredictions', path, 'the header must be JSON, received other bytes', cause)
  }
  const parsed = headerSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refused(
    'openPredictions',
    path,
    `the header must have its documented form, received a fault at ${issue?.path.map(String).join('.')}: ${issue?.message}`,
  )
}

const parseLabels = (path: string, text: string): string[] => {
  try {
    return labelsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw refused('openPredictions', path, 'labels must be a list of strings, received something else', cause)
  }
}

const parseIds = (path: string, ends: Int32Array, bytes: Uint8Array): string[] => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let begin = 0
  const ids = Array.from(ends, (end, row) => {
    if (end < begin || end > bytes.length) {
      throw refused(
        'openPredictions',
        path,
        `ids must ascend within the file, received bytes ${begin} to ${end} for row ${row}`,
      )
    }
    try {
      return decoder.decode(bytes.subarray(begin, end))
    } catch (cause) {
      throw refused('openPredictions', path, `ids must be UTF-8, received other bytes for row ${row}`, cause)
    } finally {
      begin = end
    }
  })
  if (begin !== bytes.length)
    throw refused('openPredictions', path, 'every id must have a row, received more ids')
  return ids
}

const checkValues = (caller: string, path: string, { classes, data }: Probabilities, start: number): void => {
  for (let i = 0; i < data.length; i++) {
    const p = defined(data[i])
    if (p >= 0 && p <= 1.001) continue
    const row = start + Math.floor(i / classes)
    throw refused(
      caller,
      path,
      `probabilities must be from 0 to 1, received ${p} for class ${i % classes} in row ${row}`,
    )
  }
}

const readBytes = async (
  path: string,
  file: FileHandle,
  position: number,
  length: number,
): Promise<ArrayBuffer> => {
  const buffer = new ArrayBuffer(length)
  let done = 0
  while (done < length) {
    const view = new Uint8Array(buffer, done, Math.min(length - done, 2 ** 30))
    const { bytesRead } = await file.read(view, 0, view.length, position + done)
    if (bytesRead === 0)
      throw refused(
        'openPredictions',
        path,
        `the file must be complete, received its end at byte ${position + done}`,
      )
    done += bytesRead
  }
  return buffer
}

const refused = (caller: string, path: string, what: string, cause?: unknown): KicError =>
  new KicError<EnsembleErrorCode>('ensemble/predictions', `${caller}: ${path}: ${what}. Predict again.`, {
    cause,
  })
