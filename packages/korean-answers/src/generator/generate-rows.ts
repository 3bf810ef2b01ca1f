import { createRandom, defined, KicError, type Random } from '@kic/core'
import type { KoreanAnswersErrorCode } from '../error-code.ts'
import type { LexiconEntry } from '../lexicon/lexicon-entry.ts'
import { readLexicon } from '../read-lexicon.ts'
import { rowId } from './answer-to-row.ts'
import { composeWithGap, pickGap, respace } from './arrange.ts'
import type { Fields } from './compose-answer.ts'
import { groupQuotas } from './group-sizes.ts'
import { repeatShares } from './repeat-shares.ts'
import { withTypo } from './typo.ts'
import { createVoices } from './voice.ts'

/** A row as in the competition's training file; codes with their leading zeros. */
export interface GeneratedRow {
  /** 'id_0000001'. */
  readonly id: string
  readonly section: string
  readonly division: string
  readonly group: string
  readonly object: string
  readonly method: string
  readonly deal: string
}

/** How many rows, and how like the published ones. The defaults imitate the competition's training file. */
export interface GenerateRowsOptions {
  readonly rows: number
  /** Equal seeds and options give equal rows. */
  readonly seed: number | string
  /** Between the published imbalance of the groups, 1 (default), and equal shares, 0. */
  readonly balance?: number | undefined
  /** Every group gets at least so many rows. Default 1. */
  readonly minPerGroup?: number | undefined
  /**
   * Share of the rows that repeat an earlier answer of their group, more of them in large groups. Default 0.325: of a
   * million some 641,000 differ, as published.
   */
  readonly repeats?: number | undefined
  /** Share of the answers that fill one field only. Default 0.039, as published; more of them suits short texts. */
  readonly singleField?: number | undefined
  /** Share of the rows with a slip of the pen. Default 0.04. */
  readonly typos?: number | undefined
  /** The words to compose from. Default: the lexicon of this package, read from its files by Node.js. */
  readonly lexicon?: readonly LexiconEntry[] | undefined
}

/** How many of a group's answers stay at hand to be repeated: bounds the memory of long runs. */
const rememberedAnswers = 2048

const share = (name: string, value: number): number => {
  if (value >= 0 && value <= 1) return value
  throw new KicError<KoreanAnswersErrorCode>(
    'korean-answers/bad-share',
    `generateRows: ${name} must lie between 0 and 1, received ${value}`,
  )
}

const shuffledGroups = (quotas: ReadonlyMap<string, number>, rows: number, random: Random): Uint8Array => {
  const order = new Uint8Array(rows)
  let at = 0
  let index = 0
  for (const quota of quotas.values()) {
    order.fill(index++, at, at + quota)
    at += quota
  }
  for (let i = rows - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const held = defined(order[i])
    order[i] = defined(order[j])
    order[j] = held
  }
  return order
}

const misspelt = (fields: Fields, random: Random): Fields => {
  const [object, method, deal] = fields
  let at = random.int(object.length + method.length + deal.length)
  if (at < object.length) return [withTypo(object, random), method, deal]
  at -= object.length
  return at < method.length
    ? [object, withTypo(method, random), deal]
    : [object, method, withTypo(deal, random)]
}

/**
 * Rows in the style of the competition's training file, composed from the lexicon, one at a time: a million need little
 * memory. Sections, known groups, empty fields, repeated answers, lost spaces and slips occur as often as published.
 *
 * @throws KicError `korean-answers/bad-quota`, `korean-answers/bad-share`, `korean-answers/lexicon-gap`,
 *   `korean-answers/no-lexicon`.
 */
export const generateRows = (options: GenerateRowsOptions): Iterable<GeneratedRow> => {
  const { rows, seed, balance = 1, minPerGroup = 1, lexicon = readLexicon() } = options
  const repeats = share('repeats', options.repeats ?? 0.325)
  const typos = share('typos', options.typos ?? 0.04)
  const singleField = share('singleField', options.singleField ?? 0.03925)
  const quotas = groupQuotas({ rows, balance, minPerGroup })
  const repeatsOf = repeatShares(quotas, repeats)
  createVoices(lexicon, createRandom(seed)) // a gap of the lexicon shows now, not at the first row

  return {
    *[Symbol.iterator]() {
      const random = createRandom(seed, 'generateRows')
      const voices = createVoices(lexicon, random)
      const groups = [...quotas.keys()]
      const order = shuffledGroups(quotas, rows, random)
      const remembered = new Map<string, Fields[]>()
      for (let row = 0; row < rows; row++) {
        const group = defined(groups[defined(order[row])])
        const voice = voices.get(group)
        if (voice === undefined)
          throw new KicError<KoreanAnswersErrorCode>(
            'korean-answers/lexicon-gap',
            `generateRows: no words of group ${group}`,
          )
        const earlier = remembered.get(group) ?? []
        if (earlier.length === 0) remembered.set(group, earlier)
        let fields: Fields
        if (earlier.length > 0 && random.next() < (repeatsOf.get(group) ?? 0)) {
          // Some answers are far more popular than others: the cube of a uniform draw prefers the first.
          fields = earlier[Math.floor(earlier.length * random.next() ** 3)] ?? ['', '', '']
        } else {
          fields = respace(composeWithGap(voice, pickGap(singleField, random), random), random)
          if (random.next() < typos) fields = misspelt(fields, random)
          if (earlier.length < rememberedAnswers) earlier.push(fields)
        }
        const [object, method, deal] = fields
        yield {
          id: rowId(row),
          section: voice.section,
          division: voice.division,
          group,
          object,
          method,
          deal,
        }
      }
    },
  }
}
