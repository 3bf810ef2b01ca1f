import { createRandom, defined, KicError, type Random } from '@kic/core'
import { joinFields, type Row, type RowFields } from '@kic/data'
import type { KoreanAnswersErrorCode } from './error-code.ts'
import { withTypo } from './generator/typo.ts'

/** How often each change is made, from 0 to 1 of the rows; all are off unless given. */
export interface AugmentOptions {
  readonly seed: number | string
  /** One of several filled fields is left empty, as respondents do. */
  readonly dropField?: number | undefined
  /** Two fields change places. */
  readonly swapFields?: number | undefined
  /** All spaces of the fields are lost. */
  readonly dropSpaces?: number | undefined
  /** One slip: a sound mistaken for its neighbour, a syllable lost, doubled or exchanged. */
  readonly typo?: number | undefined
  /** One syllable is typed as its jamo: '가' as 'ㄱㅏ'. */
  readonly jamo?: number | undefined
  /** Words are cut: a space is put between two letters here and there, so that a tokenizer meets other pieces of them. */
  readonly splitWords?: number | undefined
  /** All spaces are lost, and others stand between characters at random. */
  readonly drawSpaces?: number | undefined
  /** One word of a field with several is left out. */
  readonly dropWord?: number | undefined
  /** The words of each field are in another order. */
  readonly shuffleWords?: number | undefined
  /** One field ends early, after half of its characters or later. */
  readonly cutShort?: number | undefined
  /** One field ends in a word that answers add: '타이어 교환' as '타이어 교환 하는 곳'. */
  readonly affix?: number | undefined
}

/** How often a word is cut between two of its letters. */
const CUT = 0.15
/** How often a drawn space follows a character; Korean words have three to four. */
const SPACE = 0.3
/** A field of fewer characters is not cut. */
const LEAST_CUT = 4

/** What answers end in that says nothing of the business. */
const AFFIXES = [' 등', ' 등등', '업', ' 업체', ' 전문', ' 관련', ' 위주로 함', ' 하는 곳']

// The order decides what a seed draws: later changes come last.
const rates = [
  'dropField',
  'swapFields',
  'dropSpaces',
  'typo',
  'jamo',
  'splitWords',
  'drawSpaces',
  'dropWord',
  'shuffleWords',
  'cutShort',
  'affix',
] as const

type Parts = readonly string[]

const initials = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ']
const vowels = [...'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ']
const finals = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ']

/** A syllable as the keys that type it (Unicode, chapter 3.12: arithmetic of Hangul syllables). */
const jamoOf = (syllable: string): string => {
  const index = syllable.charCodeAt(0) - 0xac00
  return `${initials[Math.floor(index / 588)]}${vowels[Math.floor(index / 28) % 21]}${finals[index % 28]}`
}

const changeOne = (parts: Parts, at: number, change: (part: string) => string): Parts =>
  parts.map((part, i) => (i === at ? change(part) : part))

const dropField = (parts: Parts, random: Random): Parts => {
  const candidates = [...parts.keys()].filter((i) => parts[i]?.trim() !== '')
  return candidates.length < 2 ? parts : changeOne(parts, random.pick(candidates), () => '')
}

const swapFields = (parts: Parts, random: Random): Parts => {
  if (parts.length < 2) return parts
  const a = random.int(parts.length)
  const b = (a + 1 + random.int(parts.length - 1)) % parts.length
  return parts.map((part, i) => (i === a ? parts[b] : i === b ? parts[a] : part) ?? '')
}

const splitSyllable = (part: string, random: Random): string => {
  const places = [...part.matchAll(/[가-힣]/g)].map((match) => match.index)
  const at = random.pick(places)
  return part.slice(0, at) + jamoOf(part.charAt(at)) + part.slice(at + 1)
}

const withoutSpaces = (part: string): string => part.replace(/\s+/g, '')

const withDrawnSpaces = (part: string, random: Random): string =>
  withoutSpaces(part).replace(/(?<=\S)(?=[\p{L}\p{N}])/gu, () => (random.next() < SPACE ? ' ' : ''))

const wordsOf = (part: string): string[] => part.split(/\s+/).filter((word) => word !== '')

const withoutAWord = (part: string, random: Random): string => {
  const words = wordsOf(part)
  const left = random.int(words.length)
  return words.filter((_, i) => i !== left).join(' ')
}

const cutShort = (part: string, random: Random): string => {
  const characters = Array.from(part)
  const half = Math.ceil(characters.length / 2)
  return characters
    .slice(0, half + random.int(characters.length - half))
    .join('')
    .trimEnd()
}

/** A change of one field, by default of one that has a syllable. */
const inOneField =
  (change: (part: string, random: Random) => string, isFit = (part: string) => /[가-힣]/.test(part)) =>
  (parts: Parts, random: Random): Parts => {
    const candidates = [...parts.keys()].filter((i) => isFit(defined(parts[i])))
    if (candidates.length === 0) return parts
    return changeOne(parts, random.pick(candidates), (part) => change(part, random))
  }

const changes: Readonly<Record<(typeof rates)[number], (parts: Parts, random: Random) => Parts>> = {
  dropField,
  swapFields,
  dropSpaces: (parts) => parts.map(withoutSpaces),
  typo: inOneField(withTypo),
  jamo: inOneField(splitSyllable),
  splitWords: (parts, random) =>
    parts.map((part) => part.replace(/(?<=\p{L})(?=\p{L})/gu, () => (random.next() < CUT ? ' ' : ''))),
  drawSpaces: (parts, random) => parts.map((part) => withDrawnSpaces(part, random)),
  dropWord: inOneField(withoutAWord, (part) => wordsOf(part).length > 1),
  shuffleWords: (parts, random) => parts.map((part) => random.shuffle(wordsOf(part)).join(' ')),
  cutShort: inOneField(cutShort, (part) => Array.from(part.trim()).length >= LEAST_CUT),
  affix: inOneField(
    (part, random) => `${part.trimEnd()}${random.pick(AFFIXES)}`,
    (part) => /[가-힣]\s*$/.test(part),
  ),
}

/**
 * Makes variants of rows for training, with their ids and labels: what changes follows from the seed, the epoch and the
 * row's id, not from the order of the rows. Rows without fields count as one field. A text never becomes empty. With no
 * rate given rows come back as they are.
 *
 * @throws KicError `korean-answers/bad-share` for a rate that is not from 0 to 1.
 */
export const createAugmenter = (options: AugmentOptions): (<R extends Row>(row: R, epoch: number) => R) => {
  const active = rates.filter((name) => {
    const rate = options[name] ?? 0
    if (!(rate >= 0 && rate <= 1))
      throw new KicError<KoreanAnswersErrorCode>(
        'korean-answers/bad-share',
        `createAugmenter: ${name} must lie between 0 and 1, received ${rate}`,
      )
    return rate > 0
  })
  return (row, epoch) => {
    if (active.length === 0) return row
    const random = createRandom(options.seed, 'augment', epoch, row.id)
    const { object, method, deal } = row.fields ?? {}
    const before: Parts = row.fields === undefined ? [row.text] : [object ?? '', method ?? '', deal ?? '']
    let parts = before
    for (const name of active) if (random.next() < (options[name] ?? 0)) parts = changes[name](parts, random)
    if (parts === before) return row
    const [first = '', second = '', third = ''] = parts
    const fields: RowFields = { object: first, method: second, deal: third }
    const text = joinFields(fields)
    if (text === '') return row
    return row.fields === undefined ? { ...row, text } : { ...row, text, fields }
  }
}
