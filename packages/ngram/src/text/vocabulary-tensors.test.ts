import { expect, it } from 'vitest'
import { learnVocabulary } from './ngram-vocabulary.ts'
import { vocabularyOf, vocabularyTensors } from './vocabulary-tensors.ts'

it('gives back every n-gram, those of halves and of whole surrogate pairs too', () => {
  const range = { shortest: 1, longest: 3 }
  const vocabulary = learnVocabulary(['𠮷野 a', 'half \ud83d', 'a b'], range)
  const tensors = Object.fromEntries(vocabularyTensors(vocabulary))
  const ints = (name: string): Int32Array => Int32Array.from(tensors[`ngrams.${name}`]?.data ?? [])
  const stored = {
    characters: ints('characters'),
    offsets: ints('offsets'),
    textsWith: ints('texts_with'),
  }
  expect(vocabularyOf(stored, range, 3)).toEqual(vocabulary)
  expect(vocabulary.numbers.has('𠮷')).toBe(true)
  expect(vocabulary.numbers.has('\ud83d')).toBe(true)
})
