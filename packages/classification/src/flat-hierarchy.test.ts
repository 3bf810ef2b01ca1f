import { expect, it } from 'vitest'
import { flatHierarchy } from './flat-hierarchy.ts'
import { codesOf, labelsOf, levelNames, levelOf, nodeOf } from './hierarchy.ts'

it('makes a level of labels, in their order', () => {
  const grades = flatHierarchy(['C', 'A', 'B'])
  expect([grades.name, levelNames(grades)]).toEqual(['labels', ['label']])
  expect(codesOf(grades, 'label')).toEqual(['C', 'A', 'B'])
  expect([levelOf(grades, 'A'), levelOf(grades, '011')]).toEqual(['label', undefined])
  expect(labelsOf(grades, 'label', 'A')).toEqual({ label: 'A' })
  expect(nodeOf(grades, 'label', 'A')?.name).toBe('A')
  expect(flatHierarchy(['x'], { name: 'grades', level: 'grade' })).toMatchObject({
    name: 'grades',
    levels: [{ name: 'grade' }],
  })
})

it.each([[[]], [['A', 'A']], [['A', '']]])('refuses %j', (labels) => {
  expect(() => flatHierarchy(labels)).toThrowError(expect.objectContaining({ code: 'data/bad-hierarchy' }))
})
