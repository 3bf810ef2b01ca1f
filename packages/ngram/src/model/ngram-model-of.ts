import type { HostTensors } from '@kic/safetensors'
import { argMaxRows } from '@kic/scores'
import { NAIVE_BAYES_FEATURES, naiveBayes } from '../bayes/naive-bayes.ts'
import { decisionScores } from '../svc/decision-scores.ts'
import { knowsText, ngramWeighting } from '../text/ngram-vocabulary.ts'
import { bucketCountsOf, hyperplaneOf, storedVocabulary } from './learned-tensors.ts'
import type { NgramModel } from './ngram-model.ts'
import type { LinearSvcSettings, NgramSettings } from './ngram-settings.ts'

/**
 * The model that was learned with some settings.
 *
 * @throws KicError `ngram/file` where the tensors are not those of such a model
 */
export const ngramModelOf = (settings: NgramSettings, tensors: HostTensors): NgramModel => {
  const { labels } = settings
  const { scores, knows, features } =
    settings.model === 'linear-svc'
      ? supportVectorMachine(settings, tensors)
      : { ...naiveBayes(bucketCountsOf(tensors, settings)), features: NAIVE_BAYES_FEATURES }
  return {
    settings,
    tensors,
    parameters: features * labels.length,
    scores,
    knows,
    predict: (texts) => Array.from(argMaxRows(scores(texts), labels.length), (label) => labels[label] ?? ''),
  }
}

/** A function to scores, and how many features it weighs. */
interface Scorer {
  readonly scores: NgramModel['scores']
  readonly knows: NgramModel['knows']
  readonly features: number
}

const supportVectorMachine = (settings: LinearSvcSettings, tensors: HostTensors): Scorer => {
  const vocabulary = storedVocabulary(tensors, settings)
  const weighted = ngramWeighting(vocabulary)
  const hyperplanes = settings.labels.map((_, label) => hyperplaneOf(tensors, label, vocabulary.numbers.size))
  return {
    features: vocabulary.numbers.size + 1, // and the intercept
    scores: (texts) => decisionScores(weighted(texts), hyperplanes),
    knows: (text) => knowsText(vocabulary, text),
  }
}
