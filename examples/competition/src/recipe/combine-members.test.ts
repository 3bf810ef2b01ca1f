import { ancestorLevels, codesOf, restrictClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { createRandom, defined } from '@kic/core'
import { chooseEnsemble } from '@kic/ensemble'
import { softmaxRows } from '@kic/scores'
import { expect, it } from 'vitest'
import { combineMembers, LEAST_JUDGED_ROWS } from './combine-members.ts'

const classification = restrictClassification(ksic10, new Set(['011', '012', '561', '562']))
const classes = codesOf(classification, 'group').length
const ROWS = LEAST_JUDGED_ROWS

/** Two members whose knowledge adds up, and their truth. */
const drawn = (rows: number) => {
  const random = createRandom('combined')
  const group = Int32Array.from({ length: rows }, () => random.int(classes))
  const truth = Object.fromEntries(
    ancestorLevels(classification).map(({ name, ofClass }) => [name, group.map((c) => defined(ofClass[c]))]),
  )
  const candidates = ['one', 'other'].map((name) => {
    const logits = Float64Array.from(
      { length: rows * classes },
      (_, i) => random.normal() + (i % classes === group[Math.floor(i / classes)] ? 1.5 : 0),
    )
    return { name, level: 'group', probabilities: { rows, classes, data: softmaxRows(logits, classes) } }
  })
  return { truth, candidates, groups: Int32Array.from({ length: rows }, (_, row) => row) }
}

it('chooses on enough validation rows, and says what decided', async () => {
  const { truth, candidates, groups } = drawn(ROWS)
  const options = { combination: 'auto', groups, seed: 3 } as const
  const found = await combineMembers(classification, candidates, truth, options)
  const wanted = await chooseEnsemble(classification, candidates, truth, { groups, seed: 3 })
  expect(found.kind).toBe(wanted.chosen)
  expect(found.ensemble).toEqual(wanted.ensemble)
  expect(found.judged?.judged).toEqual(wanted.judged)
  const { stacked } = wanted.judged
  expect(found.reason).toContain(
    `${wanted.rows} validation rows that neither was fitted to, a stack has ${(100 * stacked.accuracy).toFixed(2)} % of group`,
  )
  // Independent members add up, which a mean of probabilities does not.
  expect(found.kind).toBe('stacked')
})

it('leaves fewer rows to greedy weights, unless a stack is wanted', async () => {
  const { truth, candidates, groups } = drawn(ROWS - 1)
  const options = { groups, seed: 3 }
  const found = await combineMembers(classification, candidates, truth, { ...options, combination: 'auto' })
  expect([found.kind, found.ensemble.scheme, found.judged]).toEqual(['selected', 'path', undefined])
  expect(found.reason).toContain('too few')
  const stacked = await combineMembers(classification, candidates, truth, {
    ...options,
    combination: 'stacked',
  })
  expect([stacked.kind, stacked.ensemble.scheme]).toEqual(['stacked', 'stacked'])
})
