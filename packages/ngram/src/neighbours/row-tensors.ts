import { defined } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { ngramError } from '../ngram-error.ts'

/** Texts whose class is known. */
export interface CodedTexts {
  readonly texts: readonly string[]
  /** Class number of each text. */
  readonly numbers: Int32Array
}

/**
 * Texts as tensors. Their UTF-16 units are stored in pairs: two bytes for a Korean syllable, where UTF-8 takes three, and
 * halves of surrogate pairs as they are.
 */
export function* rowTensors({ texts, numbers }: CodedTexts): Generator<[string, HostTensor]> {
  const ends = new Int32Array(texts.length)
  let total = 0
  texts.forEach((text, row) => {
    total += text.length
    ends[row] = total
  })
  if (total > 2 ** 31 - 1) {
    throw ngramError(
      'ngram/rows',
      `trainNgramModel: the texts of a nearest model have at most ${2 ** 31 - 1} characters, received ${total}. Give fewer rows.`,
    )
  }
  const packed = new Int32Array(Math.ceil(total / 2))
  let at = 0
  for (const text of texts) {
    for (let i = 0; i < text.length; i++, at++)
      packed[at >> 1] = defined(packed[at >> 1]) | (text.charCodeAt(i) << (16 * (at & 1)))
  }
  for (const [name, data] of Object.entries({ characters: packed, ends, labels: numbers }))
    yield [`rows.${name}`, { dtype: 'int32', shape: [data.length], data }]
}

/**
 * The same texts again.
 *
 * @param classes C, the number of classes
 * @throws KicError `ngram/file`
 */
export const codedTextsOf = (tensors: HostTensors, classes: number): CodedTexts => {
  const [packed, ends, numbers] = ['characters', 'ends', 'labels'].map((name) =>
    ints(tensors, `rows.${name}`),
  )
  if (packed === undefined || ends === undefined || numbers === undefined) throw new Error('three are read')
  const isDescending = ends.some((end, row) => end < (ends[row - 1] ?? 0))
  if (ends.length === 0 || isDescending || packed.length !== Math.ceil((ends.at(-1) ?? 0) / 2))
    throw refused('rows.ends', `ascending ends of texts within ${2 * packed.length} characters`)
  if (numbers.length !== ends.length || numbers.some((number) => number < 0 || number >= classes))
    throw refused('rows.labels', `one of ${classes} classes for each of ${ends.length} texts`)
  const unit = (at: number): number => (defined(packed[at >> 1]) >>> (16 * (at & 1))) & 0xffff
  const texts = Array.from(ends, (end, row) => {
    const units: number[] = []
    for (let at = ends[row - 1] ?? 0; at < end; at++) units.push(unit(at))
    return textOf(units)
  })
  return { texts, numbers }
}

/** Arguments that a call surely takes. */
const MOST_ARGUMENTS = 4096

const textOf = (units: readonly number[]): string => {
  if (units.length <= MOST_ARGUMENTS) return String.fromCharCode(...units)
  let text = ''
  for (let i = 0; i < units.length; i += MOST_ARGUMENTS)
    text += String.fromCharCode(...units.slice(i, i + MOST_ARGUMENTS))
  return text
}

const ints = (tensors: HostTensors, name: string): Int32Array => {
  const data = tensors[name]?.data
  if (data instanceof Int32Array) return data
  throw refused(name, 'integers')
}

const refused = (name: string, rule: string) =>
  ngramError(
    'ngram/file',
    `readNgramModel: the tensor ${name} must hold ${rule}, received others. Give a file that saveNgramModel wrote.`,
  )
