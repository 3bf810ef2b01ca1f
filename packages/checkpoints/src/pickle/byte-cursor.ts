import { refused } from './pickle-error.ts'

/** Reads forward through bytes; past their end it throws `checkpoints/pickle-damaged`. */
export class ByteCursor {
  position = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true))
  }

  /** Big-endian, as in pickle. */
  f64(): number {
    return this.#view.getFloat64(this.#advance(8), false)
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  utf8(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(length))
    } catch (cause) {
      if (cause instanceof TypeError)
        throw refused('damaged', `a text before byte ${this.position} is not UTF-8.`)
      throw cause
    }
  }

  /** Reads to the next line feed, and skips it. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw ended(this.position)
    const text = this.utf8(end - this.position)
    this.position++
    return text
  }

  #advance(length: number): number {
    const start = this.position
    if (length > this.#bytes.length - start) throw ended(start)
    this.position += length
    return start
  }
}

const ended = (position: number) => refused('damaged', `the pickle is truncated at byte ${position}.`)
