import { createClassification } from '@kic/classification'
import { type Probabilities, temper } from '@kic/scores'
import { describe, expect, it } from 'vitest'
import { drawnLabels, drawnMember } from './__fixtures__/drawn-members.ts'
import { type EnsembleInput, parseEnsemble } from './ensemble.ts'
import type { Candidate } from './held-out.ts'
import { selectEnsemble } from './select-ensemble.ts'
import { chooseEnsemble } from './stacking/choose-ensemble.ts'
import { stackEnsemble } from './stacking/stack-ensemble.ts'
import { temperatureOf } from './temperature-of.ts'
import { vote } from './vote.ts'

const GROUPS = ['011', '012', '021', '022', '051', '052']
const classification = createClassification('one level', [
  { name: 'group', nodes: GROUPS.map((code) => ({ code, name: code })) },
])
const ROWS = 500
const group = drawnLabels(ROWS, 6, 'rows')
const copyOf = Int32Array.from({ length: 2 * ROWS }, (_, copy) => copy % ROWS)
const labelsOfCopies = copyOf.map((row) => group[row] ?? 0)

/** Knows rows better than the other one, and copies hardly: it reads spacing. */
const fragile: Candidate = {
  name: 'fragile',
  level: 'group',
  probabilities: drawnMember(group, 6, 3, 1),
  copies: drawnMember(labelsOfCopies, 6, 0.2, 2),
}
const robust: Candidate = {
  name: 'robust',
  level: 'group',
  probabilities: drawnMember(group, 6, 2, 3),
  copies: drawnMember(labelsOfCopies, 6, 2, 4),
}
const withCopies = [fragile, robust]
const plain = withCopies.map(({ copies: _, ...candidate }) => candidate)

const answersOf = (input: EnsembleInput, of: (candidate: Candidate) => Probabilities | undefined) => {
  const ensemble = parseEnsemble(input)
  return vote(
    ensemble,
    ensemble.members.flatMap(({ name }) => {
      const candidate = withCopies.find((one) => one.name === name)
      return candidate === undefined ? [] : (of(candidate) ?? [])
    }),
  )
}
const accuracyOnCopies = (input: EnsembleInput): number => {
  const { classes } = answersOf(input, ({ copies }) => copies).levels.group ?? {}
  return labelsOfCopies.filter((label, copy) => label === classes?.[copy]).length / copyOf.length
}

describe.each([
  ['selectEnsemble', selectEnsemble],
  ['stackEnsemble', stackEnsemble],
] as const)('%s on rows and copies', (_, combine) => {
  it('leans on the member that holds on copies, and is calibrated on the rows alone', async () => {
    const found = await combine(classification, withCopies, { group }, { copyOf, seed: 1 })
    const without = await combine(classification, plain, { group }, { seed: 1 })
    expect(accuracyOnCopies(found)).toBeGreaterThan(accuracyOnCopies(without) + 0.03)
    const { finest } = answersOf(found, ({ probabilities }) => probabilities)
    expect(Math.abs((await temperatureOf(finest, group)) - 1)).toBeLessThan(0.02)
  })

  it('fits temperatures of members to the rows alone', async () => {
    const found = await combine(classification, withCopies, { group }, { copyOf, seed: 1 })
    const without = await combine(classification, plain, { group }, { seed: 1 })
    const ratio = ({ members }: EnsembleInput): number =>
      (members[0]?.temperature ?? 1) / (members[1]?.temperature ?? 1)
    expect(ratio(found)).toBeCloseTo(ratio(without), 10)
  })

  it.each([
    ['a copy of a row that does not exist', withCopies, { copyOf: copyOf.map(() => ROWS) }],
    ['a member without copies', [robust, { ...fragile, copies: undefined }], { copyOf }],
    ['copies of which no row is known', withCopies, {}],
    ['a group too few', plain, { groups: new Int32Array(ROWS - 1) }],
  ])('refuses %s', async (_what, candidates, options) => {
    await expect(combine(classification, candidates, { group }, options)).rejects.toThrow(
      expect.objectContaining({ code: 'ensemble/shape' }),
    )
  })
})

it('judges rows with their copies, which stay on the side of their row', async () => {
  const { judged, rows, ensemble, chosen } = await chooseEnsemble(
    classification,
    withCopies,
    { group },
    { copyOf, seed: 1 },
  )
  const whole = chosen === 'stacked' ? stackEnsemble : selectEnsemble
  expect(ensemble).toEqual(await whole(classification, withCopies, { group }, { copyOf, seed: 1 }))
  expect(rows).toBe(3 * ROWS)
  const alone = await chooseEnsemble(classification, plain, { group }, { seed: 1 })
  expect(alone.rows).toBe(ROWS)
  expect(judged.selected.accuracy).toBeLessThan(alone.judged.selected.accuracy)
})

it('softens nothing else: a temperature of copies would be another', async () => {
  const copies = temper(robust.copies ?? robust.probabilities, 0.5)
  const found = await selectEnsemble(classification, [{ ...robust, copies }], { group }, { copyOf })
  const without = await selectEnsemble(classification, [plain[1] ?? robust], { group })
  expect(found.members).toEqual(without.members)
})
