const loneSurrogate = /\p{Surrogate}/gu

/** A text whose half surrogate pairs are U+FFFD, as they are in UTF-8, which Rust reads. */
export const wellFormed = (text: string): string => text.replace(loneSurrogate, '\ufffd')
