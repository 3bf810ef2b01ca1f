/** The script of a model's training texts; a text with hardly any of it is in another language. */
export interface Script {
  /** Its name in Unicode, such as `Latin`. */
  readonly name: string
  /** The letters of it that carry meaning, as characters and ranges such as `a-z`; by default all of the script. */
  readonly letters?: string | undefined
}

const LETTERS = /^(?:\p{L}(?:-\p{L})?)+$/u
const patterns = new Map<string, RegExp>()

/**
 * An expression that finds the letters of a script; undefined if there is no such script, or if its letters are no
 * characters and ranges.
 */
export const scriptPattern = ({ name, letters }: Script): RegExp | undefined => {
  const source = letters === undefined ? `\\p{Script=${name}}` : `[${letters}]`
  const known = patterns.get(source)
  if (known !== undefined) return known
  if (letters === undefined ? !/^\w+$/.test(name) : !LETTERS.test(letters)) return undefined
  try {
    const pattern = new RegExp(source, 'gu')
    patterns.set(source, pattern)
    return pattern
  } catch {
    return undefined
  }
}
