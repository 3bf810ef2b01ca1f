import { type NgramVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import { presence, type SparseRows } from '../text/sparse-rows.ts'
import type { LinearSettings } from './ngram-settings.ts'

/** What a linear model reads of texts: NB-SVM which n-grams they have, others how much each is worth. */
export const featuresOf = (
  model: LinearSettings['model'],
  vocabulary: NgramVocabulary,
): ((texts: readonly string[]) => SparseRows) => {
  const weighted = ngramWeighting(vocabulary)
  return model === 'nb-svc' ? (texts) => presence(weighted(texts)) : weighted
}
