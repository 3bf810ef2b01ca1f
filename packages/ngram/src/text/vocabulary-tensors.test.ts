import fc from 'fast-check'
import { expect, it } from 'vitest'
import { learnVocabulary } from './ngram-vocabulary.ts'
import { sortedVocabulary, storedVocabulary, vocabularyTensors } from './vocabulary-tensors.ts'

const range = { shortest: 1, longest: 3 }

it('gives back every n-gram, those of halves and of whole surrogate pairs too', () => {
  const given = ['𠮷野 a', 'half \ud83d', 'a b']
  const learned = learnVocabulary(given, range)
  const vocabulary = sortedVocabulary(learned)
  const tensors = Object.fromEntries(vocabularyTensors(vocabulary))
  expect(storedVocabulary(tensors, range, 3)).toEqual(vocabulary)
  expect(vocabulary.numbers.has('𠮷')).toBe(true)
  expect(vocabulary.numbers.has('\ud83d')).toBe(true)
  for (const [ngram, number] of learned.numbers)
    expect(vocabulary.textsWith[vocabulary.numbers.get(ngram) ?? -1]).toBe(learned.textsWith[number])
})

it('gives back the n-grams of any texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const vocabulary = sortedVocabulary(learnVocabulary(texts, range))
      const tensors = Object.fromEntries(vocabularyTensors(vocabulary))
      expect(storedVocabulary(tensors, range, texts.length)).toEqual(vocabulary)
    }),
  )
})
