import { createClassification } from '@kic/classification'
import { createRandom } from '@kic/core'
import { argMaxRows, fitTemperatures, inMemory, type Probabilities, softmaxRows } from '@kic/scores'
import { expect, it } from 'vitest'
import { parseEnsemble } from './ensemble.ts'
import { selectEnsemble } from './select-ensemble.ts'
import { vote } from './vote.ts'

const GROUPS = ['011', '012', '021', '022', '051', '052']
const classification = createClassification('three levels', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'a' },
      { code: 'B', name: 'b' },
    ],
  },
  {
    name: 'division',
    nodes: [
      { code: '01', name: 'a', parent: 'A' },
      { code: '02', name: 'b', parent: 'A' },
      { code: '05', name: 'c', parent: 'B' },
    ],
  },
  { name: 'group', nodes: GROUPS.map((code) => ({ code, name: code, parent: code.slice(0, 2) })) },
])

const ROWS = 3000
const random = createRandom(7, 'ensemble')
const group = Int32Array.from({ length: ROWS }, () => random.int(GROUPS.length))
const truth = {
  group,
  division: group.map((g) => Math.floor(g / 2)),
  section: group.map((g) => Number(g > 3)),
}

/** Softmax of a signal on the true class and noise on all classes; `scale` above 1 makes the member overconfident. */
const member = (labels: Int32Array, classes: number, signal: number, scale: number): Probabilities => {
  const logits = Float64Array.from(
    { length: ROWS * classes },
    (_, i) => scale * (random.normal() + (i % classes === labels[Math.floor(i / classes)] ? signal : 0)),
  )
  return { rows: ROWS, classes, data: softmaxRows(logits, classes) }
}

const candidates = [
  { name: 'good', level: 'group', probabilities: member(truth.group, 6, 2, 3) },
  { name: 'other', level: 'group', probabilities: member(truth.group, 6, 1.8, 0.5) },
  { name: 'noise', level: 'group', probabilities: member(truth.group, 6, 0, 3) },
  { name: 'division', level: 'division', probabilities: member(truth.division, 3, 2, 2) },
  { name: 'division-noise', level: 'division', probabilities: member(truth.division, 3, 0, 2) },
]
const accuracyOf = (labels: Int32Array, actual: Int32Array): number =>
  labels.filter((label, row) => label === actual[row]).length / ROWS

it('keeps the members that help, beats each of them, and is calibrated', async () => {
  const ensemble = parseEnsemble(await selectEnsemble(classification, candidates, truth))
  expect(ensemble.scheme).toBe('path')
  expect(ensemble.members.map(({ name }) => name)).toEqual(['good', 'other', 'division'])
  const voted = vote(
    ensemble,
    ensemble.members.flatMap(({ name }) => candidates.find((one) => one.name === name)?.probabilities ?? []),
  )
  const accuracy = accuracyOf(voted.levels.group?.classes ?? group, truth.group)
  for (const { level, probabilities } of candidates) {
    if (level === 'group')
      expect(accuracy).toBeGreaterThan(accuracyOf(argMaxRows(probabilities.data, 6), truth.group) + 0.02)
  }
  const [left] = await fitTemperatures(inMemory([voted.finest]), truth.group)
  expect(Math.abs((left?.temperature ?? 9) - 1)).toBeLessThan(0.02)
})

it('stays within the limits of an ensemble.json when all members are noise', async () => {
  const useless = candidates.filter(({ name }) => name.endsWith('noise'))
  const { members } = parseEnsemble(await selectEnsemble(classification, useless, truth))
  expect(members.length).toBeGreaterThan(0)
  for (const { temperature } of members) expect(temperature).toBeLessThanOrEqual(1e3)
})
