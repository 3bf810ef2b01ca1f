import { labelsOf, nodeOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { KicError, type Random } from '@kic/core'
import type { KoreanAnswersErrorCode } from '../error-code.ts'
import type { LexiconEntry } from '../lexicon/lexicon-entry.ts'
import { createDeck } from './deck.ts'
import type { GoodsRule } from './goods-rule.ts'
import { goodsRulesOf } from './goods-rules.ts'
import { mannerOf } from './manner-of.ts'

/** Goods or services, and whether they only say whose they are when a verb follows. */
export interface Goods {
  readonly text: string
  readonly needsVerb: boolean
}

/** Draws the words of one group's answers: each list runs out before it repeats itself. */
export interface Voice {
  readonly section: string
  readonly division: string
  readonly place: () => string
  readonly method: () => string
  readonly goods: () => Goods
  readonly answer: () => string
  readonly verb: () => string
  /** How or for whom in general terms: '일반소비자에게'. */
  readonly manner: () => string
  /** Whether own goods have no verb this time. */
  readonly omitsVerb: () => boolean
}

const drawFrom = (words: readonly string[], random: Random): (() => string) => {
  const [first, ...others] = words
  return first === undefined ? () => '' : createDeck([first, ...others], random)
}

const drawByRule = (
  rule: GoodsRule,
  entries: ReadonlyMap<string, LexiconEntry>,
  random: Random,
): (() => string) => {
  const stems = [
    ...rule.makers.flatMap((maker) => entries.get(maker)?.products ?? []),
    ...rule.workers.flatMap((worker) => entries.get(worker)?.methods ?? []),
    ...rule.stems,
  ].filter((stem) => (rule.only?.test(stem) ?? true) && !(rule.except?.test(stem) ?? false))
  const stem = drawFrom(stems, random)
  return () => {
    const before = rule.before.length === 0 ? '' : random.pick(rule.before)
    const after = rule.after.length === 0 ? '' : random.pick(rule.after)
    return before + stem() + after
  }
}

const drawGoods = (
  entry: LexiconEntry,
  entries: ReadonlyMap<string, LexiconEntry>,
  random: Random,
): (() => Goods) => {
  const own = drawFrom(entry.products, random)
  const ruled = goodsRulesOf(entry.group).map((rule) => ({
    share: rule.share,
    draw: drawByRule(rule, entries, random),
  }))
  return () => {
    let left = random.next()
    for (const { share, draw } of ruled) {
      left -= share
      if (left < 0) return { text: draw(), needsVerb: true }
    }
    return { text: own(), needsVerb: false }
  }
}

const createVoice = (
  entry: LexiconEntry,
  entries: ReadonlyMap<string, LexiconEntry>,
  random: Random,
): Voice => {
  const { section = '', division = '' } = labelsOf(ksic10Occurring, 'group', entry.group)
  const officialName = nodeOf(ksic10Occurring, 'group', entry.group)?.name ?? ''
  const { verbs, manners, bare } = mannerOf(entry.group, section)
  return {
    section,
    division,
    place: drawFrom(entry.places, random),
    method: drawFrom(entry.methods, random),
    goods: drawGoods(entry, entries, random),
    answer: drawFrom([...entry.answers, officialName], random),
    verb: () => random.pick(verbs),
    manner: () => (manners.length === 0 ? '' : random.pick(manners)),
    omitsVerb: () => random.next() < bare,
  }
}

/**
 * Voices of all groups that occur.
 *
 * @throws KicError `korean-answers/lexicon-gap` where the lexicon lacks a group or one of its lists is empty.
 */
export const createVoices = (
  lexicon: readonly LexiconEntry[],
  random: Random,
): ReadonlyMap<string, Voice> => {
  const entries = new Map(lexicon.map((entry) => [entry.group, entry]))
  const voices = new Map<string, Voice>()
  for (const { code: group } of ksic10Occurring.levels.at(-1)?.nodes ?? []) {
    const entry = entries.get(group)
    if (
      entry === undefined ||
      [entry.places, entry.methods, entry.products, entry.answers].some((list) => list.length === 0)
    )
      throw new KicError<KoreanAnswersErrorCode>(
        'korean-answers/lexicon-gap',
        `createVoices: the lexicon must give places, methods, products and answers of every group; group ${group} has ` +
          `${entry === undefined ? 'no entry' : 'an empty list'}: add its words`,
      )
    voices.set(group, createVoice(entry, entries, random))
  }
  return voices
}
