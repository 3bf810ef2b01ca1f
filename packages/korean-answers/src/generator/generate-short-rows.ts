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
/** Answers to choose those from. */
const COMPOSED = 1_500_000

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
  const found: GroupedAnswer[] = []
  const left = new Map<string, number>()
  for (const { group, products, answers } of lexicon) {
    for (const object of [...products, ...answers]) found.push({ group, object, method: '', deal: '' })
    left.set(group, PER_PRODUCT * products.length + PER_GROUP)
  }
  const like = { rows: COMPOSED, balance: 0.5, minPerGroup: 1500, singleField: 1, repeats: 0, typos: 0 }
  for (const { group, object, method, deal } of generateRows({ ...like, seed, lexicon })) {
    const more = left.get(group) ?? 0
    if (more === 0) continue
    left.set(group, more - 1)
    found.push({ group, object, method, deal })
  }
  if (rows === undefined || rows >= found.length) return found
  return createRandom(seed, 'short rows').shuffle(found).slice(0, rows)
}
