/**
 * What a code is compared by: its letters and digits, without the points that some revisions print ('01.1' is 011). A
 * range such as '31-33' stands for each of its numbers.
 */
export const codeKeys = (code: string): readonly string[] => {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(code) ?? []
  if (
    first === undefined ||
    last === undefined ||
    first.length !== last.length ||
    Number(last) <= Number(first)
  )
    return [code.replace(/[^\p{L}\p{N}]/gu, '')]
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) =>
    String(Number(first) + i).padStart(first.length, '0'),
  )
}

/** The same where points divide numbers: '1.10' comes after '1.9', and is not below '1.1'. */
export const partKeys = (code: string): readonly string[] => [`${partsOf(code).join('.')}.`]

/** The numbers and letters between points, slashes and dashes. */
export const partsOf = (code: string): readonly string[] =>
  code.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
