import { joinFields } from '@kic/data'
import { prepareText, type TextPreparation } from '@kic/data/prepare'
import { type GenerateRowsOptions, generateRows, readLexicon } from '@kic/korean-answers'

/** Texts and their groups. */
export interface LearnedTexts {
  readonly texts: readonly string[]
  readonly groups: readonly string[]
}

/** Answers of several fields, as the generator composes them. */
export const composedAnswers = (options: GenerateRowsOptions, preparation: TextPreparation): LearnedTexts => {
  const learned = collector(preparation)
  for (const row of generateRows(options)) learned.add(joinFields(row), row.group)
  return learned
}

/** How many short texts of a group there are for each of its products, and in any case. */
const PER_PRODUCT = 3
const PER_GROUP = 200

/**
 * Texts of a word or two, as an index names an activity: every product and every whole answer of the lexicon by itself, and
 * composed answers of one field. A group has as many as it has products to name, so that classes are as frequent as their goods.
 */
export const shortTexts = (seed: number, preparation: TextPreparation): LearnedTexts => {
  const learned = collector(preparation)
  const left = new Map<string, number>()
  for (const { group, products, answers } of readLexicon()) {
    for (const text of [...products, ...answers]) learned.add(text, group)
    left.set(group, PER_PRODUCT * products.length + PER_GROUP)
  }
  const options = { seed, rows: 1_500_000, balance: 0.5, minPerGroup: 1500 }
  for (const row of generateRows({ ...options, singleField: 1, repeats: 0, typos: 0 })) {
    const more = left.get(row.group) ?? 0
    if (more === 0) continue
    left.set(row.group, more - 1)
    learned.add(joinFields(row), row.group)
  }
  return learned
}

const collector = (preparation: TextPreparation) => {
  const texts: string[] = []
  const groups: string[] = []
  const add = (text: string, group: string): void => {
    texts.push(prepareText(text, preparation))
    groups.push(group)
  }
  return { texts, groups, add }
}
