import type { Row } from '@kic/data'
import type { NgramModelOptions, NgramRow } from '@kic/ngram'
import { labelledAt } from '../class-name-rows.ts'

/** A classifier of character n-grams: a voter of another kind than the transformers. */
export type NgramRecipe = { readonly name: string; readonly level: string } & NgramModelOptions

/** Whether its n-grams stay within words, so that other spaces are other n-grams. */
export const readsWords = ({ model, words }: NgramRecipe): boolean =>
  (words ?? (model === 'naive-bayes' ? 'joined' : 'apart')) === 'apart'

/** The rows that have a label of a level, with this label. */
export const ngramRows = (rows: readonly Row[], level: string): NgramRow[] =>
  labelledAt(rows, level).map(({ text, labels }) => ({ text, label: labels?.[level] ?? '' }))
