const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Whether lines end in a carriage return alone, as some spreadsheet programs save them ("CSV (Macintosh)"). */
export const endsInReturns = (head: Uint8Array): boolean =>
  head.includes(carriageReturn) && !head.includes(lineFeed)

/** The same bytes with line feeds for carriage returns; neither UTF-8 nor cp949 has that byte inside a character. */
export const withLineFeeds = (bytes: Uint8Array): Uint8Array =>
  bytes.includes(carriageReturn) ? bytes.map((byte) => (byte === carriageReturn ? lineFeed : byte)) : bytes

/** The line of a position in a text, counted from 1. */
export const lineAt = (bytes: Uint8Array, position: number): number =>
  1 + bytes.subarray(0, position).filter((byte) => byte === lineFeed).length
