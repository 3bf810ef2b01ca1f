/** Tensors begin at multiples of this, so that a runtime can map them into memory. */
const PAGE = 4096

/** The file beside a model that holds its weights (ONNX calls this external data): views of the arrays, not copies. */
export class WeightsFile {
  /** The file's bytes, one piece after the other. */
  readonly pieces: Uint8Array[] = []
  #length = 0

  /** @param name the file's name, in the folder of the model */
  constructor(readonly name: string) {}

  /** Appends an array and returns where it begins. */
  add({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const offset = Math.ceil(this.#length / PAGE) * PAGE
    if (offset > this.#length) this.pieces.push(new Uint8Array(offset - this.#length))
    this.pieces.push(new Uint8Array(buffer, byteOffset, byteLength))
    this.#length = offset + byteLength
    return offset
  }
}
