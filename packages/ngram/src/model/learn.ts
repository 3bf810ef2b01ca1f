import type { HostTensor } from '@kic/safetensors'
import { countByClass } from '../bayes/class-counts.ts'
import { countTensors } from '../bayes/count-tensors.ts'
import { postingsOf } from '../linear/class-postings.ts'
import { trainLinearSvc } from '../linear/linear-svc.ts'
import { trainLogisticRegression } from '../linear/logistic-regression.ts'
import { trainNbSvc } from '../linear/nb-svc.ts'
import { postingTensors } from '../linear/posting-tensors.ts'
import { type QuantizedHyperplane, quantize } from '../linear/quantize.ts'
import { rowTensors } from '../neighbours/row-tensors.ts'
import { learnVocabulary } from '../text/ngram-vocabulary.ts'
import { sortedVocabulary, vocabularyTensors } from '../text/vocabulary-tensors.ts'
import { featuresOf } from './features-of.ts'
import type { NgramLesson } from './ngram-lesson.ts'
import type { BayesSettings, LinearSettings, NgramSettings } from './ngram-settings.ts'

/** A tensor of a model under its name. */
type LearnedTensor = readonly [name: string, tensor: HostTensor]

/**
 * Learns the tensors of a model, one after the other.
 *
 * @param onClass receives the number of finished classes of a linear model
 */
export function* learn(
  settings: NgramSettings,
  lesson: NgramLesson,
  onClass: (done: number) => void = () => {},
): Generator<LearnedTensor> {
  switch (settings.model) {
    case 'naive-bayes':
      return yield* learnCounts(settings, lesson)
    case 'nearest':
      return yield* rowTensors(lesson)
    default:
      return yield* learnHyperplanes(settings, lesson, onClass)
  }
}

function* learnCounts(
  { model, shortest, longest, words }: BayesSettings,
  { texts, numbers, labels }: NgramLesson,
): Generator<LearnedTensor> {
  const vocabulary = sortedVocabulary(learnVocabulary(texts, { shortest, longest, words }))
  yield* vocabularyTensors(vocabulary)
  yield* countTensors(countByClass(featuresOf(model, vocabulary)(texts), numbers, labels.length))
}

const TRAINERS = {
  'linear-svc': trainLinearSvc,
  'nb-svc': trainNbSvc,
  'logistic-regression': trainLogisticRegression,
} as const

function* learnHyperplanes(
  { model, shortest, longest, words, ...options }: LinearSettings,
  { texts, numbers, labels }: NgramLesson,
  onClass: (done: number) => void,
): Generator<LearnedTensor> {
  const textsOf = new Int32Array(labels.length)
  for (const number of numbers) textsOf[number] = (textsOf[number] ?? 0) + 1
  yield ['texts', { dtype: 'int32', shape: [textsOf.length], data: textsOf }]
  const vocabulary = sortedVocabulary(learnVocabulary(texts, { shortest, longest, words }))
  yield* vocabularyTensors(vocabulary)
  const rows = featuresOf(model, vocabulary)(texts)
  const hyperplanes: QuantizedHyperplane[] = []
  for (const hyperplane of TRAINERS[model](rows, numbers, labels.length, options)) {
    hyperplanes.push(quantize(hyperplane))
    onClass(hyperplanes.length)
  }
  yield* postingTensors(postingsOf(hyperplanes, rows.features))
}
