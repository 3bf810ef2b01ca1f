import { type Classification, finestLevel, levelNames } from '@kic/classification'
import type { NgramRecipe } from '../recipe/ngram-recipe.ts'

/** Members of different kinds and n-grams: what a vote needs, trained in minutes. */
export const stackingMembers = (classification: Classification): readonly NgramRecipe[] => {
  const finest = finestLevel(classification)
  const above = levelNames(classification).at(-2) ?? finest
  const svc = { model: 'linear-svc', shortest: 1, C: 0.5 } as const
  return [
    { name: 'svc, 1 to 4 characters', level: finest, ...svc, longest: 4 },
    { name: 'svc, 1 to 2 characters', level: finest, ...svc, longest: 2 },
    { name: 'naive Bayes', level: finest, model: 'naive-bayes' },
    { name: 'nearest, 2 to 3 characters', level: finest, model: 'nearest' },
    { name: 'nearest, 1 to 4 characters', level: finest, model: 'nearest', shortest: 1, longest: 4 },
    { name: `svc of ${above}s`, level: above, ...svc, longest: 3 },
  ]
}
