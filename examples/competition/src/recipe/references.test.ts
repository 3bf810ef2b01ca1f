import { ksic10 } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { full, laptop, quick } from './recipe.ts'
import { referencesOf } from './references.ts'

const namesOf = (...given: Parameters<typeof referencesOf>) =>
  referencesOf(...given).map(({ system, model }) => [system, model.name])

it('takes the voters of laptop for its references, which are the same models', () => {
  expect(namesOf(laptop, ksic10)).toEqual([
    ['reference: naive Bayes, no spaces', 'group-naive-bayes'],
    ['reference: SVM, no spaces', 'group-ngrams-joined'],
    ['reference: SVM, words', 'group-ngrams'],
  ])
  expect(namesOf(quick, ksic10)).toEqual([['reference: naive Bayes, no spaces', 'group-naive-bayes']])
})

it('trains references of which no voter is the same model', () => {
  expect(referencesOf(full, ksic10)).toEqual([
    {
      system: 'reference: naive Bayes, no spaces',
      model: { name: 'reference-naive-bayes', level: 'group', model: 'naive-bayes' },
    },
  ])
  const others = laptop.ngrams.map((one) => (one.model === 'linear-svc' ? { ...one, C: 2 } : one))
  expect(namesOf({ ...laptop, ngrams: others }, ksic10).map(([, name]) => name)).toEqual([
    'group-naive-bayes',
    'reference-svm-joined',
    'reference-svm',
  ])
})
