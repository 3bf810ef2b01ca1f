import { createRandom } from '@kic/core'

const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0xac00, 0xd7a3], // syllables
  [0x1100, 0x11ff], // jamo
  [0x4e00, 0x9fff], // ideographs
  [0xff00, 0xffee], // full and half widths
  [0x0300, 0x036f], // combining marks
  [0x0000, 0xffff], // anything, halves of surrogate pairs among them
  [0x10000, 0x10ffff],
]

const whole = [
  '[CLS]',
  '[SEP]',
  '[MASK]',
  '[UNK]',
  '##',
  ' ',
  '\t',
  '\u3000',
  '\u200b',
  'İ',
  'ΑΣ',
  '카센터에서',
]

/** Texts of any characters, whole words among them. */
export const randomTexts = (count: number, seed: number): string[] => {
  const random = createRandom(seed, 'random texts')
  const piece = (): string => {
    if (random.next() < 0.1) return random.pick(whole)
    const [first, last] = random.pick(ranges)
    return String.fromCodePoint(first + random.int(last - first + 1))
  }
  return Array.from({ length: count }, () => Array.from({ length: random.int(40) }, piece).join(''))
}
