import type { HostTensor, HostTensors } from '@kic/safetensors'
import { packedBytes, unpackedBytes } from '../bytes/packed-bytes.ts'
import { refusedTensor } from '../bytes/refused-tensor.ts'
import { decodeVarints, encodeVarints } from '../bytes/varints.ts'
import { textsOfClasses } from '../model/texts-of-classes.ts'
import type { ClassCounts } from './class-counts.ts'

/** Counts as tensors: of each pair its distance from the one before, and its count. */
export function* countTensors({ texts, pairs, counts }: ClassCounts): Generator<[string, HostTensor]> {
  yield ['texts', { dtype: 'int32', shape: [texts.length], data: texts }]
  yield ['counts.pairs', packedBytes(encodeVarints(pairs.map((pair, i) => pair - (pairs[i - 1] ?? 0))))]
  yield ['counts.texts', packedBytes(encodeVarints(counts))]
}

/**
 * The same counts again.
 *
 * @param features F
 * @param classes C
 * @throws KicError `ngram/file`
 */
export const storedCounts = (tensors: HostTensors, features: number, classes: number): ClassCounts => {
  const pairs = decodeVarints(unpackedBytes(tensors, 'counts.pairs'), 'counts.pairs')
  const counts = decodeVarints(unpackedBytes(tensors, 'counts.texts'), 'counts.texts')
  const end = features * classes
  for (let i = 1; i < pairs.length; i++) {
    const pair = (pairs[i] ?? 0) + (pairs[i - 1] ?? 0)
    if (pairs[i] === 0 || pair >= end)
      throw refusedTensor('counts.pairs', `ascending numbers below ${end}`, pair)
    pairs[i] = pair
  }
  const [first] = pairs
  if (first !== undefined && first >= end) throw refusedTensor('counts.pairs', `numbers below ${end}`, first)
  if (counts.length !== pairs.length)
    throw refusedTensor('counts.texts', `${pairs.length} counts`, counts.length)
  return { texts: textsOfClasses(tensors, classes), pairs, counts }
}
