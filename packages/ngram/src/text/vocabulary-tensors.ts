import type { HostTensor, HostTensors } from '@kic/safetensors'
import { packedBytes, unpackedBytes } from '../bytes/packed-bytes.ts'
import { refusedTensor } from '../bytes/refused-tensor.ts'
import { decodeVarints, encodeVarints } from '../bytes/varints.ts'
import type { NgramVocabulary } from './ngram-vocabulary.ts'
import type { NgramRange } from './word-ngrams.ts'

/** The same vocabulary, numbered in ascending order of the n-grams' UTF-16 units: neighbours begin alike. */
export const sortedVocabulary = ({ range, texts, numbers, textsWith }: NgramVocabulary): NgramVocabulary => {
  const sorted = [...numbers.keys()].sort()
  return {
    range,
    texts,
    numbers: new Map(sorted.map((ngram, number) => [ngram, number])),
    textsWith: Int32Array.from(sorted, (ngram) => textsWith[numbers.get(ngram) ?? -1] ?? 0),
  }
}

/**
 * A sorted vocabulary as tensors: of each n-gram, how many UTF-16 units it has in common with the one before, how many follow,
 * and these. UTF-8 would have nothing for half of a surrogate pair.
 */
export function* vocabularyTensors({ numbers, textsWith }: NgramVocabulary): Generator<[string, HostTensor]> {
  const lengths: number[] = []
  const units: number[] = []
  let before = ''
  for (const ngram of numbers.keys()) {
    let shared = 0
    while (shared < before.length && ngram[shared] === before[shared]) shared++
    lengths.push(shared, ngram.length - shared)
    for (let i = shared; i < ngram.length; i++) units.push(ngram.charCodeAt(i))
    before = ngram
  }
  const packed = Uint16Array.from(units)
  yield ['ngrams.lengths', packedBytes(encodeVarints(lengths))]
  yield ['ngrams.units', packedBytes(new Uint8Array(packed.buffer))]
  yield ['ngrams.texts_with', packedBytes(encodeVarints(textsWith))]
}

/**
 * The same vocabulary again.
 *
 * @param texts how many texts were learned from
 * @throws KicError `ngram/file`
 */
export const storedVocabulary = (tensors: HostTensors, range: NgramRange, texts: number): NgramVocabulary => {
  const lengths = decodeVarints(unpackedBytes(tensors, 'ngrams.lengths'), 'ngrams.lengths')
  const textsWith = decodeVarints(unpackedBytes(tensors, 'ngrams.texts_with'), 'ngrams.texts_with')
  const bytes = unpackedBytes(tensors, 'ngrams.units')
  if (bytes.length % 2 === 1) throw refusedTensor('ngrams.units', 'two bytes a unit', bytes.length)
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  if (lengths.length !== 2 * textsWith.length)
    throw refusedTensor('ngrams.lengths', `two numbers for ${textsWith.length} n-grams`, lengths.length)
  const numbers = new Map<string, number>()
  let [before, at] = ['', 0]
  for (let number = 0; number < textsWith.length; number++) {
    const [shared, more] = [lengths[2 * number] ?? 0, lengths[2 * number + 1] ?? 0]
    if (shared > before.length || at + more > units.length || shared + more > MOST_UNITS)
      throw refusedTensor('ngrams.lengths', 'lengths within the units', `${shared}, ${more}`)
    const ngram = before.slice(0, shared) + String.fromCharCode(...units.subarray(at, at + more))
    if (ngram <= before) throw refusedTensor('ngrams.units', 'ascending n-grams', JSON.stringify(ngram))
    numbers.set(ngram, number)
    before = ngram
    at += more
  }
  if (at !== units.length) throw refusedTensor('ngrams.units', `${at} units`, units.length)
  return { range, texts, numbers, textsWith }
}

/** Of an n-gram of 100 characters and the space on each side. */
const MOST_UNITS = 256
