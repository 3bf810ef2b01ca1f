import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ZipFile } from 'yauzl'

const OPTIONS = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const
const PIECE_BYTES = 1 << 16

/**
 * The bytes of a file from `start` up to `end`, exclusive. A ZIP64 record may point past the end of any file. yauzl's
 * own reader lets `fs.read` throw on such a position inside a callback, which would end the process.
 */
async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat()
  if (!(start >= 0 && end <= size))
    throw new Error(`bytes ${start} to ${end} are past the end of the file, which has ${size}`)
  for (let position = start; position < end; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - position))
    const { bytesRead } = await file.read(piece, 0, piece.length, position)
    if (bytesRead === 0) throw new Error('the file was truncated while it was being read')
    yield piece.subarray(0, bytesRead)
    position += bytesRead
  }
}

const openFile = async (file: FileHandle): Promise<ZipFile> => {
  const { default: yauzl } = await import('yauzl')
  class FileReader extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(readRange(file, start, end), { objectMode: false })
    }

    override close(callback: (error: Error | null) => void): void {
      file.close().then(() => callback(null), callback)
    }
  }
  return yauzl.fromRandomAccessReaderPromise(new FileReader(), (await file.stat()).size, OPTIONS)
}

/** The ZIP archive at a path or in memory. `close` closes the file. */
export const openZipFile = async (source: string | Uint8Array): Promise<ZipFile> => {
  if (typeof source !== 'string') {
    const { default: yauzl } = await import('yauzl')
    return yauzl.fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.byteLength), OPTIONS)
  }
  const file = await open(source)
  try {
    return await openFile(file)
  } catch (error) {
    await file.close()
    throw error
  }
}
