import { joinFields } from '@kic/data'
import { prepareText, type TextPreparation } from '@kic/data/prepare'
import { type GenerateRowsOptions, generateRows, generateShortRows } from '@kic/korean-answers'

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

/** Texts of a word or two. */
export const shortTexts = (seed: number, preparation: TextPreparation): LearnedTexts => {
  const learned = collector(preparation)
  for (const row of generateShortRows({ seed })) learned.add(joinFields(row), row.group)
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
