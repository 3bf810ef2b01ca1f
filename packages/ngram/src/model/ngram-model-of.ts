import type { HostTensors } from '@kic/safetensors'
import { argMaxRows } from '@kic/scores'
import { NAIVE_BAYES_FEATURES, naiveBayes } from '../bayes/naive-bayes.ts'
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts'
import { codedTextsOf } from '../neighbours/row-tensors.ts'
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
  const { scores, knows, parameters, neighbours } = scorerOf(settings, tensors)
  return {
    settings,
    tensors,
    parameters,
    scores,
    knows,
    neighbours,
    predict: (texts) => Array.from(argMaxRows(scores(texts), labels.length), (label) => labels[label] ?? ''),
  }
}

type Scorer = Pick<NgramModel, 'scores' | 'knows' | 'parameters' | 'neighbours'>

const scorerOf = (settings: NgramSettings, tensors: HostTensors): Scorer => {
  const classes = settings.labels.length
  if (settings.model === 'linear-svc') return supportVectorMachine(settings, tensors)
  if (settings.model === 'nearest') {
    const { entries, ...found } = nearestNeighbours(codedTextsOf(tensors, classes), settings)
    return { ...found, parameters: entries }
  }
  return {
    ...naiveBayes(bucketCountsOf(tensors, settings)),
    parameters: NAIVE_BAYES_FEATURES * classes,
  }
}

const supportVectorMachine = (settings: LinearSvcSettings, tensors: HostTensors): Scorer => {
  const vocabulary = storedVocabulary(tensors, settings)
  const weighted = ngramWeighting(vocabulary)
  const hyperplanes = settings.labels.map((_, label) => hyperplaneOf(tensors, label, vocabulary.numbers.size))
  return {
    parameters: (vocabulary.numbers.size + 1) * hyperplanes.length, // the intercept too
    scores: (texts) => decisionScores(weighted(texts), hyperplanes),
    knows: (text) => knowsText(vocabulary, text),
  }
}
