import { nodeOf } from '@kic/classification'
import { softmax } from '@kic/scores'
import type { Answering } from '../answers/answering.ts'
import type { CallSignal } from '../answers/call-signal.ts'
import { isScored, type RefusedText, type ScoredText } from '../answers/scored-text.ts'
import { mapInTurns } from '../run/map-in-turns.ts'
import { additiveEvidence } from './additive-evidence.ts'
import type { Evidence } from './evidence.ts'
import type { Example, Explanation, Strongest } from './explanation.ts'
import { occlusionEvidence } from './occlusion-evidence.ts'
import { type Occlusion, occlusions, triplesOf } from './occlusions.ts'
import { type TextUnits, textUnits, without } from './text-units.ts'

/** The units of the largest weights, of which the strongest three are found by trying all triples. */
const CONTENDERS = 7
/** Nearest coded texts of an explanation. */
const EXAMPLES = 3

/**
 * The reasons for an answer. A model whose score is a sum over n-grams gives each character's share of it. Of all others,
 * the text is answered again and again without some of its characters (occlusion; Zeiler & Fergus 2014, arXiv:1311.2901),
 * about 150 times for a text of 20 characters. The strongest characters are found by trying, whatever the model.
 *
 * @throws KicError `predictor/disposed`, the signal's reason
 */
export const explainText = async (
  answering: Answering,
  text: string,
  signal: CallSignal | undefined,
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
  const probabilities = probabilitiesOf(answering, read, signal)
  const c = codes.indexOf(first.code)
  const classes = second === undefined ? [c] : [c, codes.indexOf(second.code)]

  const removed = occlusions(read.units.length, answer.text)
  const evidence = await evidenceOf(answering, read, classes, removed, probabilities)
  const tried = [...triplesOf(heaviestUnits(read, evidence)), ...removed.filter(({ length }) => length === 3)]
  const left = (await probabilities(tried)).map((found) => found?.[c] ?? 0)
  const best = left.indexOf(Math.min(...left))
  return {
    status: 'explained',
    text: answer.text,
    first,
    second,
    ...evidence,
    strongest: strongestOf(read, tried[best] ?? [], left[best] ?? 0),
    examples: await examplesFor(answering, answer.text),
  }
}

type ProbabilitiesWithout = (removed: readonly Occlusion[]) => Promise<readonly (Float64Array | undefined)[]>

const evidenceOf = async (
  { contributions, info }: Answering,
  read: TextUnits,
  classes: readonly number[],
  removed: readonly Occlusion[],
  probabilities: ProbabilitiesWithout,
): Promise<Evidence> => {
  if (contributions !== undefined) {
    const text = read.characters.join('')
    return additiveEvidence(text, contributions(text, classes), info.calibration?.temperature ?? 1)
  }
  const [whole, ...left] = await probabilities([[], ...removed])
  if (whole === undefined) throw new Error('a coded text has probabilities')
  return occlusionEvidence(read, classes, removed, whole, left)
}

/** Probabilities, [C], of the text without some units; `undefined` if nothing usable is left. */
const probabilitiesOf =
  ({ score, info }: Answering, read: TextUnits, signal: CallSignal | undefined): ProbabilitiesWithout =>
  async (removed) => {
    const textWithout = (occlusion: Occlusion): string => without(read.characters, placesOf(read, occlusion))
    const scored = await score(await mapInTurns(removed, textWithout, signal), signal, true)
    const temperature = info.calibration?.temperature
    const distribution = (row: ScoredText | RefusedText): Float64Array | undefined =>
      isScored(row) ? softmax(row.logits, { temperature }) : undefined
    return mapInTurns(scored, distribution, signal)
  }

/** The units with the most evidence for the first answer. */
const heaviestUnits = ({ units }: TextUnits, { characters }: Evidence): readonly number[] => {
  const weights = units.map((places) =>
    places.reduce((sum, place) => sum + (characters[place]?.first ?? 0), 0),
  )
  return units
    .map((_, unit) => unit)
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
    .slice(0, CONTENDERS)
}

const placesOf = ({ units }: TextUnits, occlusion: Occlusion): ReadonlySet<number> =>
  new Set(occlusion.flatMap((unit) => units[unit] ?? []))

const strongestOf = (read: TextUnits, occlusion: Occlusion, confidence: number): Strongest => {
  const places = placesOf(read, occlusion)
  return { places: [...places].sort((a, b) => a - b), text: without(read.characters, places), confidence }
}

const examplesFor = async (
  { examples, info: { classification, levels } }: Answering,
  text: string,
): Promise<readonly Example[] | undefined> => {
  const found = await examples?.(text, EXAMPLES)
  return found?.map(({ code, ...example }) => {
    const names = levels.flatMap((level) => nodeOf(classification, level, code)?.name ?? [])
    return { ...example, code, name: names.at(-1) ?? code }
  })
}
