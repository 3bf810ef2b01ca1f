import type { Row } from '@kic/data'

/** A number for the text of each row: equal texts are no independent evidence, and splits keep them together. */
export const textNumbers = (rows: readonly Pick<Row, 'text'>[]): Int32Array => {
  const numbers = new Map<string, number>()
  return Int32Array.from(rows, ({ text }) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}
