/** Splits a text at white space: a compact way to write many single words. */
export const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Splits a text at slashes and line breaks: a compact way to write phrases that contain spaces. */
export const lines = (text: string): readonly string[] =>
  text
    .split(/[/\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
