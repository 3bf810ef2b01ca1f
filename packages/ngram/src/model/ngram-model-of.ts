import type { HostTensors } from '@kic/safetensors'
import { argMaxRows } from '@kic/scores'
import { storedCounts } from '../bayes/count-tensors.ts'
import { naiveBayes } from '../bayes/naive-bayes.ts'
import { linearContributions } from '../contributions/linear-contributions.ts'
import { decisionScores, weightsOfFeature } from '../linear/class-postings.ts'
import { storedPostings } from '../linear/posting-tensors.ts'
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts'
import { codedTextsOf } from '../neighbours/row-tensors.ts'
import { knowsText, type NgramVocabulary } from '../text/ngram-vocabulary.ts'
import { storedVocabulary } from '../text/vocabulary-tensors.ts'
import type { NgramRange } from '../text/word-ngrams.ts'
import { featuresOf } from './features-of.ts'
import type { NgramModel } from './ngram-model.ts'
import type { BayesSettings, LinearSettings, NgramSettings } from './ngram-settings.ts'
import { textsOfClasses } from './texts-of-classes.ts'

/**
 * The model that was learned with some settings.
 *
 * @throws KicError `ngram/file` where the tensors are not those of such a model
 */
export const ngramModelOf = (settings: NgramSettings, tensors: HostTensors): NgramModel => {
  const { labels } = settings
  const { scores, knows, parameters, neighbours, contributions } = scorerOf(settings, tensors)
  return {
    settings,
    tensors,
    parameters,
    scores,
    knows,
    neighbours,
    contributions,
    predict: (texts) => Array.from(argMaxRows(scores(texts), labels.length), (label) => labels[label] ?? ''),
  }
}

type Scorer = Pick<NgramModel, 'scores' | 'knows' | 'parameters' | 'neighbours' | 'contributions'>

const scorerOf = (settings: NgramSettings, tensors: HostTensors): Scorer => {
  const classes = settings.labels.length
  switch (settings.model) {
    case 'naive-bayes':
      return bayesModel(settings, tensors)
    case 'nearest': {
      const { entries, ...found } = nearestNeighbours(codedTextsOf(tensors, classes), settings)
      return { ...found, parameters: entries }
    }
    default:
      return linearModel(settings, tensors)
  }
}

const bayesModel = ({ model, labels, smoothing, ...range }: BayesSettings, tensors: HostTensors): Scorer => {
  const classes = labels.length
  const vocabulary = vocabularyOf(tensors, range, classes)
  const features = vocabulary.numbers.size
  const read = featuresOf(model, vocabulary)
  const bayes = naiveBayes(storedCounts(tensors, features, classes), features, smoothing)
  return {
    parameters: (features + 1) * classes, // the prior too
    scores: (given) => bayes.scores(read(given)),
    knows: (text) => knowsText(vocabulary, text),
    contributions: linearContributions(vocabulary, read, { base: bayes.prior, weightsOf: bayes.weightsOf }),
  }
}

const linearModel = ({ model, labels, ...range }: LinearSettings, tensors: HostTensors): Scorer => {
  const vocabulary = vocabularyOf(tensors, range, labels.length)
  const features = vocabulary.numbers.size
  const read = featuresOf(model, vocabulary)
  const postings = storedPostings(tensors, features, labels.length)
  return {
    parameters: (features + 1) * labels.length, // the intercept too
    scores: (given) => decisionScores(read(given), postings),
    knows: (text) => knowsText(vocabulary, text),
    contributions: linearContributions(vocabulary, read, {
      base: postings.intercepts,
      weightsOf: (ngram) => weightsOfFeature(postings, ngram),
    }),
  }
}

const vocabularyOf = (tensors: HostTensors, range: NgramRange, classes: number): NgramVocabulary => {
  const texts = textsOfClasses(tensors, classes).reduce((sum, count) => sum + count, 0)
  return storedVocabulary(tensors, range, texts)
}
