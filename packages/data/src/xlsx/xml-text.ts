/** Characters that XML 1.0 cannot represent, and lone surrogates. */
const unwritable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const escapeOf = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes a text for XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? '')

/**
 * A cell's text as stored in a workbook (ECMA-376 Part 1, 22.9.2.19, ST_Xstring): characters that XML cannot represent
 * become `_xHHHH_`, and so does the first character of text that already looks like that.
 */
export const escapeCellText = (text: string): string =>
  escapeXml(
    text
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replace(unwritable, escapeOf)
      .replaceAll('\r', '_x000D_'),
  )

/** A stored cell text as a person reads it: `_xHHHH_` becomes the character with that number. */
export const unescapeCellText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
