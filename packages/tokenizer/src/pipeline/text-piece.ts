/** A piece of text in a pipeline. */
export interface TextPiece {
  readonly text: string
  /**
   * The number of UTF-16 units at its start made from the text's first character: 0 for a later piece. `prepend_scheme:
   * first` depends on it, and it survives the normalizers that extend or rewrite that character.
   */
  readonly head: number
}

/** A whole text before any step. */
export const wholePiece = (text: string): TextPiece => ({
  text,
  head: text === '' ? 0 : (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1,
})

/** The part of a piece from one UTF-16 index to another. */
export const slicePiece = ({ text, head }: TextPiece, from: number, to: number): TextPiece => ({
  text: text.slice(from, to),
  head: Math.max(0, Math.min(head, to) - from),
})

/** A piece rewritten character by character, or nearly so: the new head is the rewritten old head. */
export const rewritePiece = ({ text, head }: TextPiece, rewrite: (text: string) => string): TextPiece => ({
  text: rewrite(text),
  head: head === 0 ? 0 : rewrite(text.slice(0, head)).length,
})

/** A piece with a prefix, which counts as made from its first character. */
export const prefixPiece = ({ text, head }: TextPiece, prefix: string): TextPiece => ({
  text: prefix + text,
  head: head === 0 ? 0 : prefix.length + head,
})
