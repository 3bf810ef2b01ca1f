import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomTree } from './__fixtures__/random-tree.ts'
import { ancestorFault } from './ancestor-fault.ts'
import { ancestorLevels } from './ancestor-levels.ts'
import { codesOf } from './codes-of.ts'
import { flatClassification } from './flat-classification.ts'
import { ksic10 } from './ksic/ksic10.ts'
import { labelsOf } from './labels-of.ts'
import { levelNames } from './level-names.ts'
import { numberedLevels } from './numbered-levels.ts'

describe('ancestorLevels', () => {
  it('gives each class of any level the ancestors that its labels name', () => {
    fc.assert(
      fc.property(randomTree, (tree) => {
        for (const [depth, level] of levelNames(tree).entries()) {
          const ancestors = ancestorLevels(tree, { level })
          expect(ancestors.map(({ name }) => name)).toEqual(levelNames(tree).slice(0, depth + 1))
          codesOf(tree, level).forEach((code, c) => {
            const path = ancestors.map(({ name, labels, ofClass }) => [name, labels[ofClass[c] ?? -1]])
            expect(Object.fromEntries(path)).toEqual(labelsOf(tree, level, code))
          })
        }
      }),
    )
  })

  it('numbers the classes of a model that has some of a level, in its own order', () => {
    fc.assert(
      fc.property(randomTree, fc.infiniteStream(fc.nat()), (tree, stream) => {
        const level = levelNames(tree).at(-1) ?? ''
        const codes = codesOf(tree, level)
          .map((code) => ({ code, key: Number(stream.next().value) }))
          .toSorted((a, b) => a.key - b.key)
          .slice(0, 3)
          .map(({ code }) => code)
        for (const { name, labels, ofClass } of ancestorLevels(tree, { codes }))
          expect(Array.from(ofClass, (c) => labels[c])).toEqual(
            codes.map((code) => labelsOf(tree, level, code)[name]),
          )
      }),
    )
  })

  it('takes the levels as a file has them', () => {
    const stored = JSON.parse(JSON.stringify(numberedLevels(ksic10)))
    expect(ancestorLevels(stored, { level: 'group' })).toEqual(ancestorLevels(ksic10))
  })

  it('has one level, of classes that are their own ancestors, where there is one', () => {
    expect(ancestorLevels(flatClassification(['b', 'a']))).toEqual([
      { name: 'label', labels: ['b', 'a'], ofClass: Int32Array.of(0, 1) },
    ])
  })

  it('refuses levels and codes that are not there, and levels without parents', () => {
    const refused = (fn: () => unknown, code: string) =>
      expect(fn).toThrow(expect.objectContaining({ code: `classification/${code}` }))
    refused(() => ancestorLevels(ksic10, { level: 'class' }), 'unknown-level')
    refused(() => ancestorLevels(ksic10, { codes: ['011', '01'] }), 'unknown-code')
    const loose = [
      { name: 'top', labels: ['a'] },
      { name: 'below', labels: ['b'] },
    ]
    refused(() => ancestorLevels(loose), 'bad-tree')
  })
})

it('ancestorFault says what is wrong with a level that is not above the classes', () => {
  const level = { name: 'top', labels: ['a', 'b'], ofClass: Int32Array.of(0, 1, 1) }
  expect(ancestorFault(level, 3)).toBeUndefined()
  expect(ancestorFault(level, 4)).toMatch(/an ancestor for each of 4 classes, received 3/)
  expect(ancestorFault({ ...level, ofClass: Int32Array.of(0, 2, 1) }, 3)).toMatch(/received 2 for class 1/)
})
