import { type NgramVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import { presence, type SparseRows } from '../text/sparse-rows.ts'
import type { BayesSettings, LinearSettings } from './ngram-settings.ts'

/** What a model reads of texts: NB-SVM and naive Bayes which n-grams they have, others how much each is worth. */
export const featuresOf = (
  model: (LinearSettings | BayesSettings)['model'],
  vocabulary: NgramVocabulary,
): ((texts: readonly string[]) => SparseRows) => {
  const weighted = ngramWeighting(vocabulary)
  return model === 'nb-svc' || model === 'naive-bayes' ? (texts) => presence(weighted(texts)) : weighted
}
