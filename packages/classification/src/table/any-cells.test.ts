import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createClassification } from '../classification.ts'
import { ksic10 } from '../ksic/ksic10.ts'
import { parseClassification } from './parse-classification.ts'
import { parseCorrespondence } from './parse-correspondence.ts'

const code = fc.oneof(
  fc.constantFrom(
    '',
    'A',
    'B',
    '1',
    '01',
    '011',
    '0111',
    '01.1',
    '31-33',
    '33-31',
    '-',
    '*',
    '..',
    '9'.repeat(300),
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const cell = fc.oneof(
  code,
  fc.constantFrom('code', 'name', 'parent', 'level', 'Section', 'Division code', 'name'),
)
const header = fc.constantFrom(
  ['code', 'name'],
  ['code', 'name', 'parent'],
  ['code', 'name', 'level'],
  ['code', 'name', 'parent', 'level'],
  ['section code', 'section name', 'division code', 'division name'],
  ['section', 'division', 'group', 'name'],
)
const body = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 })

/** A classification that holds to its rules, or an error of this package. */
const judged = (parse: () => unknown): void => {
  try {
    parse()
  } catch (error) {
    expect(isKicError(error) && error.code.startsWith('classification/') ? '' : error).toBe('')
  }
}

it('gives a tree that holds to the rules, or says what is wrong, whatever the cells are', () => {
  fc.assert(
    fc.property(header, body, fc.boolean(), (first, rows, without) => {
      judged(() => {
        const { classification } = parseClassification(without ? rows : [first, ...rows])
        createClassification(classification.name, classification.levels)
      })
    }),
    { numRuns: 2000 },
  )
})

it('gives pairs of codes that there are, or says what is wrong', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(code, code), { maxLength: 8 }), fc.boolean(), (pairs, cut) => {
      const table = [['old code', 'new code'], ...pairs]
      const finerCodes = cut ? 'cut' : 'reject'
      judged(() => parseCorrespondence(table, ksic10, ksic10, 'group', { finerCodes }))
    }),
    { numRuns: 500 },
  )
})
