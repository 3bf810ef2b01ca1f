import { type Classification, finestLevel } from '@kic/classification'
import type { NgramModelOptions } from '@kic/ngram'
import { reference } from '../verdict.ts'
import type { NgramRecipe } from './ngram-recipe.ts'

/** A model that a run is compared with, trained on the same rows. */
export interface ReferenceRecipe {
  /** Its name in tables. */
  readonly system: string
  /** Its name among stages, where no voter is the same model. */
  readonly name: string
  readonly how: NgramModelOptions
}

/** Multinomial naive Bayes on the presence of n-grams of 1 to 4 characters without spaces, smoothing 0.02. */
export const NAIVE_BAYES_REFERENCE: ReferenceRecipe = {
  system: reference('naive Bayes, no spaces'),
  name: 'reference-naive-bayes',
  how: { model: 'naive-bayes' },
}

/** Linear support vector machines on n-grams of 1 to 4 characters, without spaces and within words. */
const SVM_REFERENCES: readonly ReferenceRecipe[] = [
  {
    system: reference('SVM, no spaces'),
    name: 'reference-svm-joined',
    how: { model: 'linear-svc', words: 'joined' },
  },
  { system: reference('SVM, words'), name: 'reference-svm', how: { model: 'linear-svc' } },
]

export const REFERENCES: readonly ReferenceRecipe[] = [NAIVE_BAYES_REFERENCE, ...SVM_REFERENCES]

/** A reference of a run, and whose predictions are its answers. */
export interface RunReference {
  readonly system: string
  readonly model: NgramRecipe
}

/** What decides the references of a recipe. */
interface Compared {
  readonly references: readonly ReferenceRecipe[]
  readonly ngrams: readonly NgramRecipe[]
}

/** The references of a recipe: a voter with the same settings answers for one, and is trained once. */
export const referencesOf = (
  { references, ngrams }: Compared,
  classification: Classification,
): readonly RunReference[] => {
  const level = finestLevel(classification)
  return references.map(({ system, name, how }) => {
    const same = ngrams.find(
      ({ name: _, level: own, ...settings }) => own === level && settingsKey(settings) === settingsKey(how),
    )
    return { system, model: same ?? { name, level, ...how } }
  })
}

const settingsKey = (settings: NgramModelOptions): string => JSON.stringify(Object.entries(settings).sort())
