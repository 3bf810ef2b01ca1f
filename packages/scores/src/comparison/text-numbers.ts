/**
 * A number for the text of each row, [N], the same for equal texts: they are no independent evidence, so splits and resamples keep
 * them together, as `groups` of `pairedBootstrap`.
 */
export const textNumbers = (rows: readonly { readonly text: string }[]): Int32Array => {
  const numbers = new Map<string, number>()
  return Int32Array.from(rows, ({ text }) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}
