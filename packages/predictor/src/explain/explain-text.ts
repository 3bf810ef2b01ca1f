import { softmax } from '@kic/scores'
import type { Answering } from '../answers/answering.ts'
import { isScored } from '../answers/scored-text.ts'
import type { CharacterWeight, Explanation, Strongest } from './explanation.ts'
import { type Occlusion, occlusions, triplesOf } from './occlusions.ts'
import { type TextUnits, textUnits, without } from './text-units.ts'
import { unitWeights } from './unit-weights.ts'

/** The units of the largest weights, of which the strongest three are found by trying all triples. */
const CONTENDERS = 7
/** Probabilities below it count as equal: a model's last digits are no evidence. */
const LEAST = 1e-6

/**
 * The reasons for an answer, by occlusion: the text is answered again and again without some of its characters (Zeiler &
 * Fergus 2014, arXiv:1311.2901). It asks nothing of a model but its answers, so networks, n-gram models and ensembles
 * are explained alike. About 150 answers for a text of 20 characters.
 *
 * @throws KicError `predictor/disposed`, the signal's reason
 */
export const explainText = async (
  answering: Answering,
  text: string,
  signal: AbortSignal | undefined,
): Promise<Explanation> => {
  const { classes: codes, levels } = answering.info
  const [answer] = await answering.answer([text], { topK: codes.length, reviewBelow: 0, signal, alone: true })
  if (answer === undefined) throw new Error('one text has one prediction')
  if (answer.status === 'unusable') return answer
  // An ensemble's answer is not always its most probable class.
  const code = answer.codes[levels.at(-1) ?? '']?.code
  const first = answer.top.find((one) => one.code === code)
  const second = answer.top.find((one) => one.code !== code)
  if (first === undefined) throw new Error('the answer is among the candidates')
  const read = textUnits(answer.text)
  const { units } = read
  const probabilities = probabilitiesOf(answering, read, signal)
  const classes = [first, second].map((one) => (one === undefined ? -1 : codes.indexOf(one.code)))

  const removed = occlusions(units.length, answer.text)
  const [whole, ...rest] = await probabilities([[], ...removed])
  if (whole === undefined) throw new Error('a coded text has probabilities')
  const [weights, against] = classes.map((c) =>
    c < 0
      ? new Float64Array(units.length)
      : unitWeights(
          units.length,
          removed,
          rest.map((found) => logOf(whole[c]) - logOf(found === undefined ? 1 / whole.length : found[c])),
        ),
  )
  const [c = 0] = classes
  const ranked = units.map((_, unit) => unit).sort((a, b) => (weights?.[b] ?? 0) - (weights?.[a] ?? 0))
  const tried = [...triplesOf(ranked.slice(0, CONTENDERS)), ...removed.filter(({ length }) => length === 3)]
  const left = (await probabilities(tried)).map((found) => found?.[c] ?? 0)
  const best = left.indexOf(Math.min(...left))
  return {
    status: 'explained',
    text: answer.text,
    first,
    second,
    characters: characterWeights(read, weights, against),
    strongest: strongestOf(read, tried[best] ?? [], left[best] ?? 0),
  }
}

const logOf = (probability: number | undefined): number => Math.log(Math.max(probability ?? 0, LEAST))

/** Probabilities, [C], of the text without some units; `undefined` if nothing usable is left. */
const probabilitiesOf =
  ({ score, info }: Answering, read: TextUnits, signal: AbortSignal | undefined) =>
  async (removed: readonly Occlusion[]): Promise<readonly (Float64Array | undefined)[]> => {
    const texts = removed.map((occlusion) => without(read.characters, placesOf(read, occlusion)))
    const scored = await score(texts, signal, true)
    const temperature = info.calibration?.temperature
    return scored.map((row) => (isScored(row) ? softmax(row.logits, { temperature }) : undefined))
  }

const placesOf = ({ units }: TextUnits, occlusion: Occlusion): ReadonlySet<number> =>
  new Set(occlusion.flatMap((unit) => units[unit] ?? []))

/** The characters of a unit share its weight. */
const characterWeights = (
  { characters, units }: TextUnits,
  weights: Float64Array | undefined,
  against: Float64Array | undefined,
): readonly CharacterWeight[] => {
  const found = characters.map((character) => ({ character, first: 0, second: 0 }))
  for (const [unit, places] of units.entries()) {
    for (const place of places) {
      const one = found[place]
      if (one === undefined) continue
      one.first = (weights?.[unit] ?? 0) / places.length
      one.second = (against?.[unit] ?? 0) / places.length
    }
  }
  return found
}

const strongestOf = (read: TextUnits, occlusion: Occlusion, confidence: number): Strongest => {
  const places = placesOf(read, occlusion)
  return { places: [...places].sort((a, b) => a - b), text: without(read.characters, places), confidence }
}
