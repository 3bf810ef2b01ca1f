/** Code points as ascending, inclusive, non-touching ranges: `[from, to, from, to, …]`. */
export type CodePointRanges = Uint32Array

/**
 * Writes ranges as text: per range the gap to the previous one and, after a `+`, how many code points follow the
 * first, in base 36.
 */
export const formatRanges = (ranges: CodePointRanges): string => {
  const parts: string[] = []
  let end = 0
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] as number
    const to = ranges[i + 1] as number
    parts.push((from - end).toString(36) + (to > from ? `+${(to - from).toString(36)}` : ''))
    end = to + 1
  }
  return parts.join(' ')
}

/** Reads what `formatRanges` wrote. */
export const parseRanges = (text: string): CodePointRanges => {
  const parts = text.split(' ')
  const ranges = new Uint32Array(parts.length * 2)
  let end = 0
  for (const [i, part] of parts.entries()) {
    const [gap = '', extra = '0'] = part.split('+')
    const from = end + Number.parseInt(gap, 36)
    const to = from + Number.parseInt(extra, 36)
    ranges[2 * i] = from
    ranges[2 * i + 1] = to
    end = to + 1
  }
  return ranges
}

/** Whether `codePoint` lies in one of the ranges (binary search). */
export const inRanges = (ranges: CodePointRanges, codePoint: number): boolean => {
  let low = 0
  let high = ranges.length / 2 - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (codePoint < (ranges[2 * middle] as number)) high = middle - 1
    else if (codePoint > (ranges[2 * middle + 1] as number)) low = middle + 1
    else return true
  }
  return false
}

/** The source of a character class of a regular expression with the flag `u` that matches the ranges. */
export const characterClass = (ranges: CodePointRanges): string => {
  let source = ''
  for (let i = 0; i < ranges.length; i += 2) {
    const [from, to] = [ranges[i] as number, ranges[i + 1] as number]
    source += `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`
  }
  return `[${source}]`
}
