import type { HostTensor } from '@kic/safetensors'
import { countBuckets } from '../bayes/naive-bayes.ts'
import { rowTensors } from '../neighbours/row-tensors.ts'
import { trainLinearSvc } from '../svc/linear-svc.ts'
import { withoutZeros } from '../svc/sparse-hyperplane.ts'
import { learnVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import { vocabularyTensors } from '../text/vocabulary-tensors.ts'
import type { NgramLesson } from './ngram-lesson.ts'
import type { LinearSvcSettings, NgramSettings } from './ngram-settings.ts'

/** A tensor of a model under its name. */
type LearnedTensor = readonly [name: string, tensor: HostTensor]

/** Names of a hyperplane's tensors. */
export const hyperplaneNames = (label: number) => ({
  features: `hyperplanes.${label}.features`,
  weights: `hyperplanes.${label}.weights`,
})

/**
 * Learns the tensors of a model, one after the other.
 *
 * @param onClass told how many classes of a support vector machine are done
 */
export function* learn(
  settings: NgramSettings,
  lesson: NgramLesson,
  onClass: (done: number) => void = () => {},
): Generator<LearnedTensor> {
  if (settings.model === 'linear-svc') return yield* learnHyperplanes(settings, lesson, onClass)
  if (settings.model === 'nearest') return yield* rowTensors(lesson)
  const { texts, pairs, counts } = countBuckets(lesson.texts, lesson.numbers, lesson.labels.length)
  yield ['texts', int32(texts)]
  yield ['buckets.pairs', int32(pairs)]
  yield ['buckets.counts', int32(counts)]
}

function* learnHyperplanes(
  { C, tolerance, maxPasses, seed, ...range }: LinearSvcSettings,
  { texts, numbers, labels }: NgramLesson,
  onClass: (done: number) => void,
): Generator<LearnedTensor> {
  const textsOf = new Int32Array(labels.length)
  for (const number of numbers) textsOf[number] = (textsOf[number] ?? 0) + 1
  yield ['texts', int32(textsOf)]
  const vocabulary = learnVocabulary(texts, range)
  yield* vocabularyTensors(vocabulary)
  const rows = ngramWeighting(vocabulary)(texts)
  let label = 0
  for (const hyperplane of trainLinearSvc(rows, numbers, labels.length, { C, tolerance, maxPasses, seed })) {
    const [names, { features, weights }] = [hyperplaneNames(label), withoutZeros(hyperplane)]
    yield [names.features, int32(features)]
    yield [names.weights, { dtype: 'float32', shape: [weights.length], data: weights }]
    onClass(++label)
  }
}

const int32 = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [data.length], data })
