import { expect, it } from 'vitest'
import { codesOf, levelOf, nodeOf } from './codes-of.ts'
import { flatClassification } from './flat-classification.ts'
import { labelsOf } from './labels-of.ts'
import { levelNames } from './level-names.ts'

it('makes a level of labels, in their order', () => {
  const grades = flatClassification(['C', 'A', 'B'])
  expect([grades.name, levelNames(grades)]).toEqual(['labels', ['label']])
  expect(codesOf(grades, 'label')).toEqual(['C', 'A', 'B'])
  expect([levelOf(grades, 'A'), levelOf(grades, '011')]).toEqual(['label', undefined])
  expect(labelsOf(grades, 'label', 'A')).toEqual({ label: 'A' })
  expect(nodeOf(grades, 'label', 'A')?.name).toBe('A')
  expect(flatClassification(['x'], { name: 'grades', level: 'grade' })).toMatchObject({
    name: 'grades',
    levels: [{ name: 'grade' }],
  })
})

it.each([[[]], [['A', 'A']], [['A', '']]])('refuses %j', (labels) => {
  expect(() => flatClassification(labels)).toThrowError(
    expect.objectContaining({ code: 'classification/bad-tree' }),
  )
})
