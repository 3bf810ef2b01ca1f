import { codesOf, labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { createRandom } from '@kic/core'

/** An answer in the competition's fields. */
export interface Answer {
  readonly id: string
  readonly section: string
  readonly division: string
  readonly group: string
  readonly object: string
  readonly method: string
  readonly deal: string
}

/** Words that a section's answers have more often than others'. */
const wordsOf = (section: string): readonly string[] => {
  const random = createRandom('words', section)
  const syllable = (): string => String.fromCharCode(0xac00 + 28 * random.int(399) + random.int(2) * 4)
  return Array.from({ length: 60 }, () => syllable() + syllable() + (random.next() < 0.5 ? syllable() : ''))
}

/** Answers of random groups: words of their section in the object, mixed ones in the method, often no deal. */
export const answers = (count: number, seed: number): readonly Answer[] => {
  const random = createRandom('answers', seed)
  const groups = codesOf(ksic10Occurring, 'group')
  const words = new Map(codesOf(ksic10Occurring, 'section').map((section) => [section, wordsOf(section)]))
  const all = [...words.values()].flat()
  return Array.from({ length: count }, (_, i) => {
    const group = random.pick(groups)
    const { section = '', division = '' } = labelsOf(ksic10Occurring, 'group', group)
    const own = words.get(section) ?? all
    return {
      id: `id_${String(i + 1).padStart(7, '0')}`,
      section,
      division,
      group,
      object: `${random.pick(own)} ${random.pick(own)}에서`,
      method: `${random.pick(random.next() < 0.7 ? own : all)} 제조`,
      deal: random.next() < 0.5 ? random.pick(all) : '',
    }
  })
}
