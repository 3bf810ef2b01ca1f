/** The key for numbers that JSON lacks. */
const KEY = '$number'

/** JSON that preserves infinities and NaN. */
export const formatJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? { [KEY]: String(item) } : item,
  )

/** Parses the output of `formatJson`. */
export const parseJson = (text: string): unknown =>
  JSON.parse(text, (_, item: unknown) =>
    typeof item === 'object' && item !== null && KEY in item ? Number(item[KEY]) : item,
  )
