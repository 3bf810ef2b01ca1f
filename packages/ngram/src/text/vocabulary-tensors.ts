import type { HostTensor } from '@kic/safetensors'
import type { NgramVocabulary } from './ngram-vocabulary.ts'
import type { NgramRange } from './word-ngrams.ts'

/** An n-gram is stored by its characters' code points: UTF-8 has none for half of a surrogate pair. */
interface StoredVocabulary {
  /** Of all n-grams, one after the other. */
  readonly characters: Int32Array
  /** Where each n-gram begins in them, and at last where they end; F + 1. */
  readonly offsets: Int32Array
  /** [F] */
  readonly textsWith: Int32Array
}

/** A vocabulary as tensors. */
export function* vocabularyTensors({ numbers, textsWith }: NgramVocabulary): Generator<[string, HostTensor]> {
  const offsets = new Int32Array(numbers.size + 1)
  let total = 0
  for (const [ngram, number] of numbers) {
    for (const _ of ngram) total++
    offsets[number + 1] = total
  }
  const characters = new Int32Array(total)
  let end = 0
  for (const ngram of numbers.keys()) {
    for (const character of ngram) characters[end++] = character.codePointAt(0) ?? 0
  }
  for (const [name, data] of Object.entries({ characters, offsets, texts_with: textsWith })) {
    yield [`ngrams.${name}`, { dtype: 'int32', shape: [data.length], data }]
  }
}

/** The same vocabulary again. */
export const vocabularyOf = (
  { characters, offsets, textsWith }: StoredVocabulary,
  range: NgramRange,
  texts: number,
): NgramVocabulary => {
  const numbers = new Map<string, number>()
  for (let number = 0; number < textsWith.length; number++) {
    const codes = characters.subarray(offsets[number], offsets[number + 1])
    numbers.set(String.fromCodePoint(...codes), number)
  }
  return { range, texts, numbers, textsWith }
}
