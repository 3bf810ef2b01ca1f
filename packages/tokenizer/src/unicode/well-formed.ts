const loneSurrogate = /\p{Surrogate}/gu

/** A text with U+FFFD for lone surrogates, as in UTF-8, which Rust reads. */
export const wellFormed = (text: string): string => text.replace(loneSurrogate, '\ufffd')
