/** Tensors start at multiples of this, so a runtime can map them into memory. */
const PAGE = 4096

/** The file with a model's weights beside it (ONNX's external data); holds views of the arrays, not copies. */
export class WeightsFile {
  /** The file's bytes, in pieces. */
  readonly pieces: Uint8Array[] = []
  #length = 0

  /** @param name the file's name, relative to the model's folder */
  constructor(readonly name: string) {}

  /** Appends an array and returns its offset. */
  add({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const offset = Math.ceil(this.#length / PAGE) * PAGE
    if (offset > this.#length) this.pieces.push(new Uint8Array(offset - this.#length))
    this.pieces.push(new Uint8Array(buffer, byteOffset, byteLength))
    this.#length = offset + byteLength
    return offset
  }
}
