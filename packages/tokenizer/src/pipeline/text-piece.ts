/** A stretch of text on its way through a pipeline. */
export interface TextPiece {
  readonly text: string
  /**
   * How many UTF-16 units at its beginning were made of the text's first character: 0 for a piece from further on. This
   * is what `prepend_scheme: first` asks, and it outlives what normalizers put before or make of that character.
   */
  readonly head: number
}

/** A whole text before anything happened to it. */
export const wholePiece = (text: string): TextPiece => ({
  text,
  head: text === '' ? 0 : (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1,
})

/** The part of a piece from one UTF-16 index to another. */
export const slicePiece = ({ text, head }: TextPiece, from: number, to: number): TextPiece => ({
  text: text.slice(from, to),
  head: Math.max(0, Math.min(head, to) - from),
})

/** A piece rewritten character by character, or nearly so: its head becomes what is made of the head alone. */
export const rewritePiece = ({ text, head }: TextPiece, rewrite: (text: string) => string): TextPiece => ({
  text: rewrite(text),
  head: head === 0 ? 0 : rewrite(text.slice(0, head)).length,
})

/** A piece with something before it, which counts as made of its first character. */
export const prefixPiece = ({ text, head }: TextPiece, prefix: string): TextPiece => ({
  text: prefix + text,
  head: head === 0 ? 0 : prefix.length + head,
})
