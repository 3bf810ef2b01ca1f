/**
 * The meaning of a number by its format: a number, a date, or a code with a number of digits ('000' shows 11 as 011).
 */
export type CellFormat = 'number' | 'date' | { readonly digits: number }

/** Date and time formats without a format code (ECMA-376 Part 1, 18.8.30; 27 to 36 and 50 to 58 in East Asia). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** The meaning of numbers under a format code. */
export const cellFormatOf = (id: number, code: string | undefined): CellFormat => {
  if (code === undefined) return isBuiltInDate(id) ? 'date' : 'number'
  const [first = ''] = code.split(';')
  if (/^0+$/.test(first)) return { digits: first.length }
  // Apart from literal text, colours and conditions, letters are those of dates and times.
  const bare = first
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
  return /[ymdhs]/i.test(bare) ? 'date' : 'number'
}

const dayMilliseconds = 86_400_000

/** A date or time by its serial number, in ISO 8601; undefined for other numbers. */
export const dateText = (serial: number, from1904: boolean): string | undefined => {
  if (!(serial >= 0 && serial < 2_958_466)) return undefined
  // Serial 60 is the 29 February 1900, which did not exist.
  const day = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
  const iso = new Date(
    Date.UTC(1899, 11, 30) + Math.round((day * dayMilliseconds) / 1000) * 1000,
  ).toISOString()
  if (serial < 1 && serial > 0 && !from1904) return iso.slice(11, 19)
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}

/** A number as a person writes it: 4711, not 4711.0. */
export const numberText = (value: number): string => String(value)
