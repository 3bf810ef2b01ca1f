import type { TokenBuffer } from '../token-buffer.ts'

/** Appends the ids of one word, the `word`-th of its text. */
export type Model = (text: string, word: number, tokens: TokenBuffer) => void
