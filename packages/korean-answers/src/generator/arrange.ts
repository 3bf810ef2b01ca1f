import type { Random } from '@kic/core'
import { composeFull, composeShort, type Fields } from './compose-answer.ts'
import type { Voice } from './voice.ts'

/** Which fields of an answer stay empty. */
export type Gap = 'none' | 'deal' | 'method' | 'object' | 'method+deal' | 'object+deal' | 'object+method'

/** Share of rows by gap in the competition's test file, as published. */
export const publishedGaps: Readonly<Record<Gap, number>> = {
  none: 0.92985,
  deal: 0.02317,
  'method+deal': 0.02294,
  'object+deal': 0.0155,
  method: 0.00593,
  object: 0.0018,
  'object+method': 0.00081,
}

const single: readonly Gap[] = ['method+deal', 'object+deal', 'object+method']

const several: readonly Gap[] = ['none', 'deal', 'method', 'object']

const pickByShare = (gaps: readonly Gap[], random: Random): Gap => {
  let left = random.next() * gaps.reduce((sum, gap) => sum + publishedGaps[gap], 0)
  for (const gap of gaps) {
    left -= publishedGaps[gap]
    if (left < 0) return gap
  }
  return 'none'
}

/** A gap: `singleField` of all leave one field only; within these and within the others the published shares hold. */
export const pickGap = (singleField: number, random: Random): Gap =>
  pickByShare(random.next() < singleField ? single : several, random)

const join = (left: string, right: string): string => `${left} ${right}`

/** A composed answer with the fields of the gap left empty; what they said moves to a neighbour or is left out. */
export const composeWithGap = (voice: Voice, gap: Gap, random: Random): Fields => {
  if (gap === 'method+deal') return [composeShort(voice, random), '', '']
  if (gap === 'object+deal') return ['', composeShort(voice, random), '']
  if (gap === 'object+method') return ['', '', composeShort(voice, random)]
  const [object, method, deal] = composeFull(voice, random)
  if (gap === 'deal') return random.next() < 0.5 ? [object, deal, ''] : [object, join(method, deal), '']
  if (gap === 'method') return random.next() < 0.5 ? [object, '', deal] : [object, '', join(method, deal)]
  if (gap === 'object') return ['', method, random.next() < 0.5 ? deal : join(object, deal)]
  const chance = random.next()
  if (chance < 0.88) return [object, method, deal]
  if (chance < 0.91) return [deal, method, object]
  if (chance < 0.94) return [object, deal, method]
  if (chance < 0.97) return [method, object, deal]
  return [deal, object, method]
}

/** The fields as hurried people type them: run together, with some spaces lost, or spaced as they should be. */
export const respace = (fields: Fields, random: Random): Fields => {
  const chance = random.next()
  if (chance < 0.3) return fields
  const lose = (text: string): string =>
    chance < 0.85 ? text.replaceAll(' ', '') : text.replace(/ /g, () => (random.next() < 0.5 ? '' : ' '))
  return [lose(fields[0]), lose(fields[1]), lose(fields[2])]
}
