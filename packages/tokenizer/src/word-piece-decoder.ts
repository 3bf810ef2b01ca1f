// Equals the Rust crate's `WordPiece` decoder, which cleans token by token, including the space before it.
const CLEAN_UP: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
]

/** Tokens as parts of a text: a space before those without `prefix`; `cleanUp` also joins punctuation. */
export const decodeWordPieces = (tokens: readonly string[], prefix: string, cleanUp: boolean): string[] =>
  tokens.map((token, i) => {
    const piece = i === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`
    return cleanUp ? CLEAN_UP.reduce((text, [from, to]) => text.replaceAll(from, to), piece) : piece
  })
