/** The content of a file in memory. Pieces are written in order. */
export type HeldContent = string | Uint8Array | readonly Uint8Array[]

/** The files of a folder in memory: contents by path, such as `onnx/model.onnx`. */
export type FolderFiles = ReadonlyMap<string, HeldContent>

/** The bytes of a file in memory; texts are UTF-8. */
export const contentBytes = (content: HeldContent): Uint8Array<ArrayBuffer> => {
  const pieces = typeof content === 'string' ? [new TextEncoder().encode(content)] : [content].flat()
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}
