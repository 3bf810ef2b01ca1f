import type { NamePattern } from './parameter-groups.ts'

const between = (text: string): string | undefined => /^\/(.+)\/$/.exec(text)?.[1]

/** A part of parameters' names, or a pattern between slashes, as a config's `frozen` has them. */
export const namePattern = (text: string): NamePattern => {
  const pattern = between(text)
  return pattern === undefined ? text : new RegExp(pattern)
}

/** Whether a text between slashes is a regular expression; any other text is a part of a name. */
export const isNamePattern = (text: string): boolean => {
  try {
    namePattern(text)
    return true
  } catch {
    return false
  }
}
