import { flatClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import { describeTask } from './describe-task.ts'

const row = (text: string, label: string) => ({ text, labels: { label }, id: text })
const task = {
  classification: flatClassification(['a', 'b', 'c']),
  level: 'label',
  classes: ['a', 'b'],
  train: [row('one', 'a'), row('two', 'b')],
}

it('counts rows and classes', () => {
  const validation = [row('three', 'a'), row('four', 'b')]
  expect(describeTask({ ...task, validation })).toBe('2 rows to train on, 2 to validate, 2 classes (label)')
})

it('warns of labels that are not learned, and of texts that are', () => {
  const validation = [row('three', 'c'), row('four', 'constructor'), row('two', 'a')]
  expect(describeTask({ ...task, validation }).split('\n')).toEqual([
    '2 rows to train on, 3 to validate, 2 classes (label)',
    'warning: validation rows with a label that no training row has: 2',
    'warning: validation rows with the text of a training row: 1; the scores will be too high',
  ])
})
