import fc from 'fast-check'
import { expect, it } from 'vitest'
import { trainNgramModel } from './train-ngram-model.ts'

const rows = [
  { text: '카센터에서 타이어 교환', label: '952' },
  { text: '자동차 부품, 오일 교환', label: '952' },
  { text: '논에서 벼 재배', label: '011' },
  { text: '쌀 농사(벼)', label: '011' },
]
const letters = Array.from('카센터타이어교환벼쌀농사A1')
const gaps = fc.constantFrom('', '', ' ', '  ', '\n', ', ', '.', '(', '·', '🚗')

it.each(['linear-svc', 'nb-svc', 'logistic-regression', 'nearest'] as const)(
  '%s reads a text alike however it is spaced, where words are joined',
  (model) => {
    const joined = trainNgramModel(rows, { model, words: 'joined' })
    const apart = trainNgramModel(rows, { model })
    const spaced = fc.array(fc.tuple(fc.constantFrom(...letters), gaps), { maxLength: 12 })
    fc.assert(
      fc.property(spaced, (pieces) => {
        const text = pieces.map(([letter, gap]) => letter + gap).join('')
        const dense = pieces.map(([letter]) => letter).join('')
        expect(joined.scores([text])).toEqual(joined.scores([dense]))
        expect(joined.knows(text)).toBe(joined.knows(dense))
      }),
    )
    expect(apart.scores(['타이어 교환'])).not.toEqual(apart.scores(['타이어교환']))
  },
)
