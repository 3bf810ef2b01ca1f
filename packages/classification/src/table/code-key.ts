/** A range of more numbers is a code with a dash in it. */
const LONGEST_RANGE = 98

/**
 * What a code is compared by: its letters and digits, without the points that some revisions print ('01.1' is 011). A
 * range such as '31-33' represents each of its numbers.
 */
export const codeKeys = (code: string): readonly string[] => {
  const [, first = '', last = ''] = /^(\d+)-(\d+)$/.exec(code) ?? []
  const more = Number(last) - Number(first)
  if (first === '' || first.length !== last.length || !(more > 0 && more <= LONGEST_RANGE))
    return [code.replace(/[^\p{L}\p{N}]/gu, '')]
  return Array.from({ length: more + 1 }, (_, i) => String(Number(first) + i).padStart(first.length, '0'))
}

/** The same where points divide numbers: '1.10' comes after '1.9', and is not below '1.1'. */
export const partKeys = (code: string): readonly string[] => [`${partsOf(code).join('.')}.`]

/** The numbers and letters between points, slashes and dashes. */
export const partsOf = (code: string): readonly string[] =>
  code.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
