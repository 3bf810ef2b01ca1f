import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'

/**
 * Reads a file at positions. A ZIP64 record may give an impossible position, for which `fs.read` throws instead of
 * calling back; that would end the process.
 */
class FilePlaces extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #size: number

  constructor(file: FileHandle, size: number) {
    super()
    this.#file = file
    this.#size = size
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (!(position >= 0 && position + length <= this.#size)) {
      callback(
        new Error(`bytes ${position} to ${position + length} lie outside of the ${this.#size} of the file`),
      )
      return
    }
    this.#file.read(buffer, offset, length, position).then(
      ({ bytesRead }) => callback(null, bytesRead),
      (error: Error) => callback(error),
    )
  }

  /** Entries are read by position, never as streams. */
  override _readStreamForRange(): Readable {
    return Readable.from([])
  }

  /** The owner of the handle closes it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

/** A ZIP archive over an open file. */
export const openZip = (file: FileHandle, size: number): Promise<ZipFile> =>
  fromRandomAccessReaderPromise(new FilePlaces(file, size), size, { autoClose: false, lazyEntries: true })
