import { describe, expect, it } from 'vitest'
import { createClassification } from './classification.ts'
import { codeIndex, codesOf, levelOf, nodeOf } from './codes-of.ts'
import { ancestorsOf, childrenOf, isConsistent, labelsOf, parentOf } from './labels-of.ts'
import { levelNames } from './level-names.ts'
import { restoreCode } from './restore-code.ts'
import { restrictClassification } from './restrict-classification.ts'

const zoo = createClassification('zoo', [
  {
    name: 'kind',
    nodes: [
      { code: '1', name: 'birds' },
      { code: '2', name: 'fish' },
    ],
  },
  {
    name: 'family',
    nodes: [
      { code: '01', parent: '1', name: 'owls' },
      { code: '02', parent: '2', name: 'carps' },
      { code: '11', parent: '1', name: 'ducks' },
    ],
  },
  {
    name: 'species',
    nodes: [
      { code: '011', parent: '01', name: 'eagle owl' },
      { code: '110', parent: '11', name: 'mallard' },
      { code: '021', parent: '02', name: 'koi' },
    ],
  },
])

describe('lookups', () => {
  it('walk up and down', () => {
    expect(levelNames(zoo)).toEqual(['kind', 'family', 'species'])
    expect(codesOf(zoo, 'species')).toEqual(['011', '110', '021'])
    expect(codeIndex(zoo, 'species', '021')).toBe(2)
    expect(codeIndex(zoo, 'species', '999')).toBe(-1)
    expect(nodeOf(zoo, 'family', '02')?.name).toBe('carps')
    expect(nodeOf(zoo, 'family', '021')).toBeUndefined()
    expect(parentOf(zoo, 'species', '110')).toBe('11')
    expect(parentOf(zoo, 'kind', '1')).toBeUndefined()
    expect(ancestorsOf(zoo, 'species', '110')).toEqual(['1', '11'])
    expect(childrenOf(zoo, 'kind', '1')).toEqual(['01', '11'])
    expect(childrenOf(zoo, 'species', '011')).toEqual([])
    expect(labelsOf(zoo, 'species', '021')).toEqual({ kind: '2', family: '02', species: '021' })
    expect(labelsOf(zoo, 'family', '11')).toEqual({ kind: '1', family: '11' })
  })

  it('give one label object for each class', () => {
    expect(labelsOf(zoo, 'species', '021')).toBe(labelsOf(zoo, 'species', '021'))
  })

  it('find the level of a code', () => {
    expect(levelOf(zoo, '1')).toBe('kind')
    expect(levelOf(zoo, '011')).toBe('species')
    expect(levelOf(zoo, '9')).toBeUndefined()
  })

  it('refuse what is not there', () => {
    expect(() => codesOf(zoo, 'genus')).toThrow(
      expect.objectContaining({
        code: 'classification/unknown-level',
        message: expect.stringContaining('kind, family, species'),
      }),
    )
    expect(() => parentOf(zoo, 'family', '99')).toThrow(
      expect.objectContaining({ code: 'classification/unknown-code' }),
    )
  })
})

describe('restoreCode', () => {
  it('restores zeros on the known level only', () => {
    expect(restoreCode(zoo, 'species', '11')).toBe('011')
    expect(restoreCode(zoo, 'family', '11')).toBe('11')
    expect(restoreCode(zoo, 'family', ' 1 ')).toBe('01')
    expect(restoreCode(zoo, 'species', '110')).toBe('110')
  })

  it('invents nothing', () => {
    for (const cell of ['', '0011', '1.0', '-11', '12', 'x11'])
      expect(restoreCode(zoo, 'species', cell)).toBeUndefined()
  })
})

describe('isConsistent', () => {
  it('asks for one path', () => {
    expect(isConsistent(zoo, { kind: '1', family: '01', species: '011' })).toBe(true)
    expect(isConsistent(zoo, { kind: '1', family: '01' })).toBe(true)
    expect(isConsistent(zoo, { kind: '2', family: '01', species: '011' })).toBe(false)
    expect(isConsistent(zoo, { kind: '1', family: '01', species: '021' })).toBe(false)
    expect(isConsistent(zoo, { species: '011' })).toBe(false)
    expect(isConsistent(zoo, { kind: '7' })).toBe(false)
    expect(isConsistent(zoo, {})).toBe(false)
  })
})

describe('restrictClassification', () => {
  it('keeps what leads to the codes, in the old order', () => {
    const part = restrictClassification(zoo, ['021', '011'], 'part')
    expect(part.name).toBe('part')
    expect(part.levels.map((level) => level.nodes.map((node) => node.code))).toEqual([
      ['1', '2'],
      ['01', '02'],
      ['011', '021'],
    ])
    expect(() => restrictClassification(zoo, ['999'])).toThrow(
      expect.objectContaining({ code: 'classification/unknown-code' }),
    )
    expect(() => restrictClassification(zoo, [])).toThrow(
      expect.objectContaining({ code: 'classification/bad-tree' }),
    )
  })
})

describe('createClassification', () => {
  const top = { name: 'top', nodes: [{ code: 'a', name: '' }] }
  it.each([
    ['no levels', []],
    ['equal level names', [top, { name: 'top', nodes: [{ code: 'b', parent: 'a', name: '' }] }]],
    ['a number for a name', [top, { name: '1', nodes: [{ code: 'b', parent: 'a', name: '' }] }]],
    ['an empty level', [{ name: 'top', nodes: [] }]],
    ['an empty code', [{ name: 'top', nodes: [{ code: '', name: '' }] }]],
    [
      'a code twice',
      [
        {
          name: 'top',
          nodes: [
            { code: 'a', name: '' },
            { code: 'a', name: '' },
          ],
        },
      ],
    ],
    ['a parent at the top', [{ name: 'top', nodes: [{ code: 'a', parent: 'z', name: '' }] }]],
    ['a parent that is not there', [top, { name: 'next', nodes: [{ code: 'b', parent: 'z', name: '' }] }]],
    ['no parent', [top, { name: 'next', nodes: [{ code: 'b', name: '' }] }]],
  ])('refuses %s', (_, levels) => {
    expect(() => createClassification('bad', levels)).toThrow(
      expect.objectContaining({ code: 'classification/bad-tree' }),
    )
  })
})
