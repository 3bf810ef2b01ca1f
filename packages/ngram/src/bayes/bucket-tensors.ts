import type { HostTensor, HostTensors } from '@kic/safetensors'
import { packedBytes, unpackedBytes } from '../bytes/packed-bytes.ts'
import { refusedTensor } from '../bytes/refused-tensor.ts'
import { decodeVarints, encodeVarints } from '../bytes/varints.ts'
import { textsOfClasses } from '../model/texts-of-classes.ts'
import { type BucketCounts, NAIVE_BAYES_FEATURES } from './naive-bayes.ts'

/** Counts as tensors: of each pair its distance from the one before, and its count. */
export function* bucketTensors({ texts, pairs, counts }: BucketCounts): Generator<[string, HostTensor]> {
  yield ['texts', { dtype: 'int32', shape: [texts.length], data: texts }]
  yield ['buckets.pairs', packedBytes(encodeVarints(pairs.map((pair, i) => pair - (pairs[i - 1] ?? 0))))]
  yield ['buckets.counts', packedBytes(encodeVarints(counts))]
}

/**
 * The same counts again.
 *
 * @param classes C
 * @throws KicError `ngram/file`
 */
export const storedBuckets = (tensors: HostTensors, classes: number): BucketCounts => {
  const pairs = decodeVarints(unpackedBytes(tensors, 'buckets.pairs'), 'buckets.pairs')
  const counts = decodeVarints(unpackedBytes(tensors, 'buckets.counts'), 'buckets.counts')
  const end = NAIVE_BAYES_FEATURES * classes
  for (let i = 1; i < pairs.length; i++) {
    const pair = (pairs[i] ?? 0) + (pairs[i - 1] ?? 0)
    if (pairs[i] === 0 || pair >= end)
      throw refusedTensor('buckets.pairs', `ascending numbers below ${end}`, pair)
    pairs[i] = pair
  }
  if ((pairs[0] ?? 0) >= end) throw refusedTensor('buckets.pairs', `numbers below ${end}`, pairs[0] ?? 0)
  if (counts.length !== pairs.length)
    throw refusedTensor('buckets.counts', `${pairs.length} counts`, counts.length)
  return { texts: textsOfClasses(tensors, classes), pairs, counts }
}
