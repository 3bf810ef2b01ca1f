import { ancestorLevels, codesOf, restrictClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import { expect, it } from 'vitest'
import { type Combined, combinations } from './combinations.ts'

const classification = restrictClassification(ksic10, new Set(['011', '012', '561', '562']))
const groups = Int32Array.from({ length: 40 }, (_, row) => row % codesOf(classification, 'group').length)
const truth = Object.fromEntries(
  ancestorLevels(classification).map(({ name, ofClass }) => [name, groups.map((c) => defined(ofClass[c]))]),
)

/** Sure of these classes. */
const sureOf = (labels: Int32Array, level: string): Probabilities => {
  const classes = codesOf(classification, level).length
  const data = new Float32Array(labels.length * classes).fill(0.1 / (classes - 1))
  labels.forEach((c, row) => {
    data[row * classes + c] = 0.9
  })
  return { rows: labels.length, classes, data }
}
const member = (name: string, level: string, wrong: (row: number) => boolean, away: number) => {
  const classes = codesOf(classification, level).length
  const labels = defined(truth[level]).map((c, row) => (wrong(row) ? (c + away) % classes : c))
  const found = sureOf(labels, level)
  return { name, level, train: found, test: found, labels }
}

it('takes the best member of each level: a member of divisions, where those of groups err more', async () => {
  // Where it errs, 'near' stays in the division but for once; 'far' leaves it, and errs less at groups.
  const near = member('near', 'group', (row) => row % 4 === 0 || row === 3, 1)
  const far = member('far', 'group', (row) => row % 10 === 0, 2)
  const division = member('of divisions', 'division', () => false, 0)
  const said: string[] = []
  const input = {
    classification,
    truth,
    tested: truth,
    groups: Int32Array.from(groups.keys()),
    seed: 1,
    say: (line: string) => void said.push(line),
  }
  const first = async (members: readonly ReturnType<typeof member>[]): Promise<Combined> => {
    for await (const combined of combinations({ ...input, members })) return combined
    throw new Error('nothing was combined')
  }
  const { classes } = await first([near, far, division])
  expect(classes.group).toEqual(far.labels)
  expect(classes.division).toEqual(division.labels)
  const [sections] = ancestorLevels(classification, { level: 'division' })
  expect(classes.section).toEqual(division.labels.map((c) => defined(sections?.ofClass[c])))
  expect(said).toContain('best member, division: of divisions')
  // Without it, it is the one of groups whose errors stay in the division.
  const [, divisions] = ancestorLevels(classification)
  expect((await first([far, near])).classes.division).toEqual(
    near.labels.map((c) => defined(divisions?.ofClass[c])),
  )
})
