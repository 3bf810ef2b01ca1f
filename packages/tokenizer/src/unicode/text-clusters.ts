import { parseRanges } from '../code-point-ranges.ts'
import { codePointSet } from './code-point-set.ts'
import {
  CLUSTER_CONTROL,
  CONJUNCT_CONSONANT,
  CONJUNCT_EXTENSION,
  CONJUNCT_LINKER,
  JOINING,
  PICTOGRAPHIC,
  PICTOGRAPHIC_EXTENSION,
  PREPENDED,
} from './tables.ts'

const isJoining = codePointSet(parseRanges(JOINING))
const isControl = codePointSet(parseRanges(CLUSTER_CONTROL))
const isPrepended = codePointSet(parseRanges(PREPENDED))
const isPictographic = codePointSet(parseRanges(PICTOGRAPHIC))
const extendsPictograph = codePointSet(parseRanges(PICTOGRAPHIC_EXTENSION))
const isConsonant = codePointSet(parseRanges(CONJUNCT_CONSONANT))
const isLinker = codePointSet(parseRanges(CONJUNCT_LINKER))
const extendsConjunct = codePointSet(parseRanges(CONJUNCT_EXTENSION))

const CARRIAGE_RETURN = 0xd
const LINE_FEED = 0xa
const ZERO_WIDTH_JOINER = 0x200d

type Jamo = 'L' | 'V' | 'T' | 'LV' | 'LVT' | null

const jamoOf = (point: number): Jamo => {
  if (point >= 0xac00 && point <= 0xd7a3) return (point - 0xac00) % 28 === 0 ? 'LV' : 'LVT'
  if ((point >= 0x1100 && point <= 0x115f) || (point >= 0xa960 && point <= 0xa97c)) return 'L'
  if ((point >= 0x1160 && point <= 0x11a7) || (point >= 0xd7b0 && point <= 0xd7c6)) return 'V'
  return (point >= 0x11a8 && point <= 0x11ff) || (point >= 0xd7cb && point <= 0xd7fb) ? 'T' : null
}

/** Rules GB6 to GB8: parts of one syllable. */
const areInSyllable = (before: Jamo, after: Jamo): boolean => {
  if (before === null || after === null) return false
  if (before === 'L') return after !== 'T'
  if (before === 'LV' || before === 'V') return after === 'V' || after === 'T'
  return after === 'T'
}

/**
 * A text as user-perceived characters (extended grapheme clusters, UAX #29), by the tables of the crate
 * `unicode-segmentation`. Flags, which are pairs of regional indicators, come as two clusters.
 */
export const textClusters = (text: string): string[] => {
  const clusters: string[] = []
  let cluster = ''
  let before = -1
  // The state of a conjunct (GB9c): nothing, a consonant, a consonant and a linker.
  let conjunct = 0
  // The state of an emoji sequence (GB11): nothing, a pictograph, a pictograph and a joiner.
  let emoji = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const [pictographic, consonant] = [isPictographic(point), isConsonant(point)]
    const isJoined =
      before === CARRIAGE_RETURN && point === LINE_FEED
        ? true
        : !isControl(before) &&
          !isControl(point) &&
          (isJoining(point) ||
            isPrepended(before) ||
            (consonant && conjunct === 2) ||
            (pictographic && emoji === 2) ||
            areInSyllable(jamoOf(before), jamoOf(point)))
    if (before >= 0 && !isJoined) {
      clusters.push(cluster)
      cluster = ''
    }
    cluster += character
    before = point
    if (consonant) conjunct = 1
    else if (conjunct > 0 && isLinker(point)) conjunct = 2
    else if (!extendsConjunct(point)) conjunct = 0
    if (pictographic) emoji = 1
    else if (emoji === 1 && point === ZERO_WIDTH_JOINER) emoji = 2
    else if (!(emoji === 1 && extendsPictograph(point))) emoji = 0
  }
  if (cluster !== '') clusters.push(cluster)
  return clusters
}

/** Whether a text may hold clusters of several characters other than syllables. */
export const mayHoldClusters = (text: string): boolean => {
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (point === LINE_FEED || isJoining(point) || isPrepended(point)) return true
  }
  return false
}
