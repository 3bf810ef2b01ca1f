/** Stands for the numbers that JSON lacks. */
const KEY = '$number'

/** JSON in which infinite numbers and NaN survive. */
export const formatJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? { [KEY]: String(item) } : item,
  )

/** Reads what `formatJson` wrote. */
export const parseJson = (text: string): unknown =>
  JSON.parse(text, (_, item: unknown) =>
    typeof item === 'object' && item !== null && KEY in item ? Number(item[KEY]) : item,
  )
