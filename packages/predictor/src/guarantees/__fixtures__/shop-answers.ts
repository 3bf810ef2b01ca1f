import { labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { createRandom } from '@kic/core'
import type { LabelledText } from '../../calibrate/calibrate.ts'

/** Groups with words of their own; two of them in one division, three in one section. */
const WORDS = {
  '011': ['논', '벼', '쌀', '농사', '재배'],
  '461': ['중개', '상품', '대리', '경매', '수출'],
  '471': ['마트', '슈퍼', '편의점', '백화점', '잡화'],
  '472': ['채소', '정육', '생선', '과일', '반찬'],
  '952': ['카센터', '타이어', '정비', '오일', '자동차'],
} as const

/** Texts of three words, of which every second one is of any group: a classifier is right in about 75 % of them. */
export const shopAnswers = (rows: number, seed: number): readonly LabelledText[] => {
  const random = createRandom('shop answers', seed)
  const groups = Object.entries(WORDS)
  const all = groups.flatMap(([, words]) => words)
  return Array.from({ length: rows }, () => {
    // Later groups are rarer.
    const [group, words] = random.pick(groups.slice(0, 1 + random.int(groups.length)))
    const word = (): string => random.pick(random.next() < 0.5 ? words : all)
    return { text: `${word()} ${word()} ${word()}`, labels: labelsOf(ksic10, 'group', group) }
  })
}
