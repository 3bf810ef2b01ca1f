import { codesOf, labelsOf, restrictClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import type { Task } from './load-task.ts'
import { spacingScores, spacingTable } from './spacing-check.ts'

const classification = restrictClassification(ksic10, new Set(['011', '561']))
const test = ['011', '011', '561', '561'].map((group, i) => ({
  id: `${i}`,
  line: i + 1,
  text: group,
  labels: labelsOf(classification, 'group', group),
}))
const task: Task = {
  classification,
  train: [],
  generated: [],
  validation: [],
  test,
  testName: 'rows',
  submit: [],
  unlabelled: [],
  notes: [],
}

it('scores each spacing, and says which members read words', async () => {
  expect(codesOf(classification, 'group')).toEqual(['011', '561'])
  const answers = { test: [0, 0, 1, 1], joined: [0, 1, 1, 1], spaced: [0, 0, 0, 0] }
  const rows = await spacingScores(task, [
    {
      system: 'network',
      readsWords: false,
      predict: async () => ({ group: Int32Array.from(answers.joined) }),
    },
    {
      system: 'words',
      readsWords: true,
      predict: async (spacing) => ({ group: Int32Array.from(answers[spacing]) }),
    },
  ])
  expect(rows).toEqual([
    { system: 'network', readsWords: false, test: 0.75, joined: 0.75, spaced: 0.75 },
    { system: 'words', readsWords: true, test: 1, joined: 0.75, spaced: 0.5 },
  ])
  const [head, ...lines] = spacingTable(rows).split('\n')
  expect(head?.trim().split(/ {2,}/)).toEqual(['as they are', 'without spaces', 'spaces at random'])
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['network', '75.00', '75.00 (+0.00)', '75.00 (+0.00)'],
    ['words', '100.00', '75.00 (−25.00)', '50.00 (−50.00)'],
    [expect.stringMatching(/^words: n-grams within words/)],
  ])
})
