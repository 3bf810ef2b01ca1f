import { createRandom } from '@kic/core'
import type { LexiconEntry } from '../lexicon/lexicon-entry.ts'
import { readLexicon } from '../read-lexicon.ts'
import type { GroupedAnswer } from './answer-to-row.ts'
import { generateRows } from './generate-rows.ts'

export interface GenerateShortRowsOptions {
  /** Equal seeds give equal rows. */
  readonly seed: number | string
  /** At most so many rows, drawn at random. Default: all, in the order of the lexicon and the generator. */
  readonly rows?: number | undefined
  /** The words to compose from. Default: the lexicon of this package, read from its files by Node.js. */
  readonly lexicon?: readonly LexiconEntry[] | undefined
}

/** How many composed answers a group has for each of its products, and in any case. */
const PER_PRODUCT = 3
const PER_GROUP = 200
/** Answers to choose those from, and how many of a group at least. */
const COMPOSED = 1_500_000
const LEAST_COMPOSED = 1500

/**
 * Answers of a word or two in one field, as an index names an activity: every product and every whole answer of the lexicon by
 * itself, and composed answers without slips. A group has as many as it has products to name, so that groups are as frequent as
 * their goods.
 *
 * @throws KicError as `generateRows`
 */
export const generateShortRows = ({
  seed,
  rows,
  lexicon = readLexicon(),
}: GenerateShortRowsOptions): readonly GroupedAnswer[] => {
  const goods = lexicon.map(({ group, products, answers }) => ({
    group,
    own: [...products, ...answers],
    composed: PER_PRODUCT * products.length + PER_GROUP,
  }))
  const all = goods.reduce((sum, { own, composed }) => sum + own.length + composed, 0)
  const share = Math.min(1, (rows ?? all) / all)
  const found = goods.flatMap(({ group, own }) =>
    own.map((object): GroupedAnswer => ({ group, object, method: '', deal: '' })),
  )
  const random = createRandom(seed, 'short rows')
  const some = share < 1 ? random.shuffle(found).slice(0, Math.ceil(share * found.length)) : found
  const left = new Map(goods.map(({ group, composed }) => [group, Math.ceil(share * composed)]))
  const generated = generateRows({
    rows: Math.ceil(share * COMPOSED),
    balance: 0.5,
    minPerGroup: Math.ceil(share * LEAST_COMPOSED),
    singleField: 1,
    repeats: 0,
    typos: 0,
    seed,
    lexicon,
  })
  for (const { group, object, method, deal } of generated) {
    const more = left.get(group) ?? 0
    if (more === 0) continue
    left.set(group, more - 1)
    some.push({ group, object, method, deal })
  }
  return share < 1 ? random.shuffle(some).slice(0, rows) : some
}
