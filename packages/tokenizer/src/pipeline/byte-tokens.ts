const encoder = new TextEncoder()

/** A text as the tokens of its bytes, `<0x00>` to `<0xFF>`; `null` if the vocabulary lacks one of them. */
export type ByteTokens = (text: string) => readonly number[] | null

/** Looks up the 256 tokens once. */
export const createByteTokens = (vocabulary: ReadonlyMap<string, number>): ByteTokens => {
  const ids = Array.from({ length: 256 }, (_, byte) =>
    vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  )
  return (text) => {
    const found: number[] = []
    for (const byte of encoder.encode(text)) {
      const id = ids[byte]
      if (id === undefined) return null
      found.push(id)
    }
    return found
  }
}
