const encoder = new TextEncoder()

/**
 * The characters that represent themselves in GPT-2's table of bytes (`bytes_to_unicode` of openai/gpt-2, encoder.py).
 */
const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae

const characterOf: readonly string[] = (() => {
  let others = 0
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : 0x100 + others++),
  )
})()

const byteOf = new Map(characterOf.map((character, byte) => [character, byte]))

/** A text as one character for each byte of its UTF-8. */
export const toByteCharacters = (text: string): string => {
  let result = ''
  for (const byte of encoder.encode(text)) result += characterOf[byte]
  return result
}

/** The bytes that a token represents: those of its characters, or of its UTF-8 if a character represents no byte. */
export const bytesOfToken = (token: string): readonly number[] => {
  const bytes: number[] = []
  for (const character of token) {
    const byte = byteOf.get(character)
    if (byte === undefined) return [...encoder.encode(token)]
    bytes.push(byte)
  }
  return bytes
}
