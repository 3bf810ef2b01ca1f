import type { CodePointRanges } from '../code-point-ranges.ts'

/** The code points of any of the classes. */
export const union = (classes: readonly CodePointRanges[]): CodePointRanges => {
  const pairs: [number, number][] = []
  for (const ranges of classes) {
    for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] as number, ranges[i + 1] as number])
  }
  pairs.sort((a, b) => a[0] - b[0])
  const merged: number[] = []
  for (const [from, to] of pairs) {
    const end = merged.at(-1)
    if (end !== undefined && from <= end + 1) merged[merged.length - 1] = Math.max(end, to)
    else merged.push(from, to)
  }
  return Uint32Array.from(merged)
}

/** The code points that are not in the class. */
export const complement = (ranges: CodePointRanges): CodePointRanges => {
  const others: number[] = []
  let next = 0
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] as number
    if (next < from) others.push(next, from - 1)
    next = (ranges[i + 1] as number) + 1
  }
  if (next <= 0x10ffff) others.push(next, 0x10ffff)
  return Uint32Array.from(others)
}
