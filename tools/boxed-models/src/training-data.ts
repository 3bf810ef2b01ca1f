import { composedAnswers, type LearnedTexts, shortTexts } from './learned-texts.ts'
import type { LearningSettings } from './settings.ts'

/** The answers and short texts that the settings describe. */
export interface TrainingData {
  readonly answers: LearnedTexts
  readonly short: LearnedTexts
  /** Both. */
  readonly all: LearnedTexts
}

export const trainingData = ({ answers, short, preparation }: LearningSettings): TrainingData => {
  const composed = composedAnswers(answers, preparation)
  const bare = shortTexts(short, preparation)
  const all = {
    texts: [...composed.texts, ...bare.texts],
    groups: [...composed.groups, ...bare.groups],
  }
  return { answers: composed, short: bare, all }
}

/** The same as a section of a model card. */
export const describeData = (
  { answers, short }: LearningSettings,
  counts: { readonly short: number },
): string => `${answers.rows.toLocaleString('en-US')} answers of the generator of \`@kic/korean-answers\` (seed ${answers.seed}) and ${counts.short.toLocaleString('en-US')} short
texts: every product and every whole answer of its lexicon by itself, and composed answers of one field (seed ${short}). The lexicon was
written for this project; **it contains no real survey answers**.`
