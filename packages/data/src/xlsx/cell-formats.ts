/** What a number stands for by its format: itself, a day, or a code of so many digits ('000' shows 11 as 011). */
export type CellFormat = 'number' | 'date' | { readonly digits: number }

/** Formats of dates and times that need no code (ECMA-376 Part 1, 18.8.30; 27 to 36 and 50 to 58 in East Asia). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** What a format code makes of numbers. */
export const cellFormatOf = (id: number, code: string | undefined): CellFormat => {
  if (code === undefined) return isBuiltInDate(id) ? 'date' : 'number'
  const [first = ''] = code.split(';')
  if (/^0+$/.test(first)) return { digits: first.length }
  // Literal text, colours and conditions aside, letters are those of days and times.
  const bare = first
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
  return /[ymdhs]/i.test(bare) ? 'date' : 'number'
}

const dayMilliseconds = 86_400_000

/** A day or time by its serial number, in ISO 8601; undefined for numbers that are none. */
export const dateText = (serial: number, from1904: boolean): string | undefined => {
  if (!(serial >= 0 && serial < 2_958_466)) return undefined
  // Serial 60 is a 29 February 1900 that never was.
  const day = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
  const iso = new Date(
    Date.UTC(1899, 11, 30) + Math.round((day * dayMilliseconds) / 1000) * 1000,
  ).toISOString()
  if (serial < 1 && serial > 0 && !from1904) return iso.slice(11, 19)
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}

/** A number as a person writes it: 4711, not 4711.0. */
export const numberText = (value: number): string => String(value)
