import type { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { type BucketCounts, NAIVE_BAYES_FEATURES } from '../bayes/naive-bayes.ts'
import { ngramError } from '../ngram-error.ts'
import type { SparseHyperplane } from '../svc/sparse-hyperplane.ts'
import type { NgramVocabulary } from '../text/ngram-vocabulary.ts'
import { vocabularyOf } from '../text/vocabulary-tensors.ts'
import { hyperplaneNames } from './learn.ts'
import type { LinearSvcSettings, NgramSettings } from './ngram-settings.ts'

/** What naive Bayes counted. */
export const bucketCountsOf = (tensors: HostTensors, { labels }: NgramSettings): BucketCounts => {
  const pairs = ints(tensors, 'buckets.pairs')
  const counts = ints(tensors, 'buckets.counts')
  checkAscending('buckets.pairs', pairs, NAIVE_BAYES_FEATURES * labels.length)
  if (counts.length !== pairs.length) throw refused('buckets.counts', `${pairs.length} counts`, counts.length)
  return { texts: textsOf(tensors, labels.length), pairs, counts }
}

/** The n-grams that a support vector machine knows. */
export const storedVocabulary = (
  tensors: HostTensors,
  { labels, shortest, longest }: LinearSvcSettings,
): NgramVocabulary => {
  const characters = ints(tensors, 'ngrams.characters')
  const offsets = ints(tensors, 'ngrams.offsets')
  const textsWith = ints(tensors, 'ngrams.texts_with')
  const wrong = characters.find((code) => code < 0 || code > 0x10ffff)
  if (wrong !== undefined) throw refused('ngrams.characters', 'code points', wrong)
  const isDescending = offsets.some((offset, i) => offset < (offsets[i - 1] ?? 0))
  if (offsets.length !== textsWith.length + 1 || offsets.at(-1) !== characters.length || isDescending)
    throw refused('ngrams.offsets', `the places of ${textsWith.length} n-grams`, 'others')
  const texts = textsOf(tensors, labels.length).reduce((sum, count) => sum + count, 0)
  const vocabulary = vocabularyOf({ characters, offsets, textsWith }, { shortest, longest }, texts)
  if (vocabulary.numbers.size < textsWith.length)
    throw refused('ngrams.characters', 'different n-grams', 'one twice')
  return vocabulary
}

/**
 * The hyperplane of a class.
 *
 * @param features how many n-grams there are
 */
export const hyperplaneOf = (tensors: HostTensors, label: number, features: number): SparseHyperplane => {
  const names = hyperplaneNames(label)
  const numbers = ints(tensors, names.features)
  const weights = tensors[names.weights]?.data
  checkAscending(names.features, numbers, features + 1)
  if (weights instanceof Float32Array && weights.length === numbers.length)
    return { features: numbers, weights }
  throw refused(names.weights, `${numbers.length} weights`, weights?.length ?? 'none')
}

const textsOf = (tensors: HostTensors, classes: number): Int32Array => {
  const texts = ints(tensors, 'texts')
  if (texts.length === classes) return texts
  throw refused('texts', `a number for each of ${classes} classes`, texts.length)
}

const ints = (tensors: HostTensors, name: string): Int32Array => {
  const data = tensors[name]?.data
  if (data instanceof Int32Array && data.every((number) => number >= 0)) return data
  throw refused(name, 'integers from 0', data === undefined ? 'none' : 'others')
}

const checkAscending = (name: string, numbers: Int32Array, end: number): void => {
  const wrong = numbers.find((number, i) => number >= end || (i > 0 && number <= (numbers[i - 1] ?? 0)))
  if (wrong !== undefined) throw refused(name, `ascending numbers below ${end}`, wrong)
}

const refused = (name: string, rule: string, received: string | number): KicError =>
  ngramError(
    'ngram/file',
    `readNgramModel: the tensor ${name} must hold ${rule}, received ${received}. Give a file that saveNgramModel wrote.`,
  )
