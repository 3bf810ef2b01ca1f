/** A growing list of token ids, each with the number of its word. */
export class TokenBuffer {
  ids = new Int32Array(64)
  words = new Int32Array(64)
  length = 0

  push(id: number, word: number): void {
    if (this.length === this.ids.length) this.#grow()
    this.ids[this.length] = id
    this.words[this.length] = word
    this.length++
  }

  #grow(): void {
    const ids = new Int32Array(this.ids.length * 2)
    const words = new Int32Array(ids.length)
    ids.set(this.ids)
    words.set(this.words)
    this.ids = ids
    this.words = words
  }
}

/** Turns a text into token ids; special tokens are added later, from the template. */
export interface SequenceEncoder {
  /** Whether word numbers come from the pre-tokenizer; otherwise they are all zero. */
  readonly knowsWords: boolean
  /** Appends the ids of `text`; its words count from 0. */
  append(text: string, tokens: TokenBuffer): void
}
