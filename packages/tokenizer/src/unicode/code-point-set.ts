import { type CodePointRanges, inRanges } from '../code-point-ranges.ts'

/** Whether a code point belongs to a class. */
export type CodePointSet = (codePoint: number) => boolean

/** A class as a function that takes one look-up for the first plane and a binary search beyond it. */
export const codePointSet = (ranges: CodePointRanges): CodePointSet => {
  const bits = new Uint8Array(0x2000)
  for (let i = 0; i < ranges.length; i += 2) {
    const to = Math.min(ranges[i + 1] as number, 0xffff)
    for (let point = ranges[i] as number; point <= to; point++) {
      if ((point & 7) === 0 && point + 7 <= to) {
        const whole = (to + 1) & ~7
        bits.fill(0xff, point >> 3, whole >> 3)
        point = whole - 1
      } else bits[point >> 3] = (bits[point >> 3] as number) | (1 << (point & 7))
    }
  }
  return (codePoint) =>
    codePoint < 0x10000
      ? ((bits[codePoint >> 3] as number) & (1 << (codePoint & 7))) !== 0
      : inRanges(ranges, codePoint)
}
