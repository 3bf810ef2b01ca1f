import { describe, expect, it } from 'vitest'
import { codesOf, nodeOf } from '../codes-of.ts'
import { labelsOf } from '../labels-of.ts'
import { levelNames } from '../level-names.ts'
import { parseClassification } from './parse-classification.ts'

const cells = (text: string, separator = ','): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(separator))

const crops = { section: 'A', division: '01', group: '011', class: '0111' }

describe('headers of published tables', () => {
  it('ISIC: code and description, sections that are letters', () => {
    const { classification } = parseClassification(
      cells(
        `Code;Description
        A;Agriculture, forestry and fishing
        01;Crop and animal production
        011;Growing of non-perennial crops
        0111;Growing of cereals
        0112;Growing of rice
        B;Mining and quarrying
        05;Mining of coal and lignite
        051;Mining of hard coal
        0510;Mining of hard coal`,
        ';',
      ),
    )
    expect(levelNames(classification)).toEqual(['section', 'division', 'group', 'class'])
    expect(labelsOf(classification, 'class', '0111')).toEqual(crops)
    expect(nodeOf(classification, 'section', 'A')?.name).toBe('Agriculture, forestry and fishing')
  })

  it('NACE: level, parent, codes with points, and columns of notes', () => {
    const { classification, nesting } = parseClassification(
      cells(`Order,Level,Code,Parent,Description,This item includes,Reference to ISIC Rev. 4
        398481,1,A,,Agriculture,,A
        398482,2,01,A,Crop and animal production,"This division",01
        398483,3,01.1,01,Growing of non-perennial crops,,011
        398484,4,01.11,01.1,Growing of cereals,,0111
        398485,4,01.12,01.1,Growing of rice,,0112`),
    )
    expect(nesting).toBe('parents')
    expect(codesOf(classification, 'class')).toEqual(['01.11', '01.12'])
  })

  it('NACE that a spreadsheet took for numbers, where 01.10 is 1.1 as 01.1 is', () => {
    const { classification, restored } = parseClassification(
      cells(`Level,Code,Parent,Description
        1,A,,Agriculture
        2,1,A,Crop and animal production
        3,1.1,1,Growing of non-perennial crops
        4,1.1,1.1,Growing of cereals
        1,B,,Mining
        2,10,B,Food
        3,10.1,10,Meat
        4,10.11,10.1,Meat`),
    )
    expect(codesOf(classification, 'class')).toEqual(['01.10', '10.11'])
    expect(restored.map(({ cell, code }) => `${cell} → ${code}`)).toEqual([
      '1 → 01',
      '1.1 → 01.1',
      '1.1 → 01.10',
    ])
  })

  it('names of levels in a column, beside a number', () => {
    const { classification } = parseClassification(
      cells(`Level,Hierarchical structure,Code,Parent,Class title,Superscript,Class definition
        1,Sector,11,,Agriculture,,of plants
        2,Subsector,111,11,Crop production,,of crops`),
    )
    expect(codesOf(classification, 'level2')).toEqual(['111'])
    const { classification: named } = parseClassification(
      cells(`Hierarchical structure,Code,Class title
        Sector,11,Agriculture
        Subsector,111,Crop production`),
    )
    expect(levelNames(named)).toEqual(['sector', 'subsector'])
  })

  it('a column for each level and one of names', () => {
    const { classification, nesting } = parseClassification(
      cells(`Section,Division,Group,Class,Description
        A,,,,Agriculture
        ,01,,,Crop and animal production
        ,,011,,Growing of non-perennial crops
        ,,,0111,Growing of cereals`),
    )
    expect(nesting).toBe('columns')
    expect(labelsOf(classification, 'class', '0111')).toEqual(crops)
    expect(nodeOf(classification, 'group', '011')?.name).toBe('Growing of non-perennial crops')
  })

  it('two rows of header, the upper of cells across two columns, below a title', () => {
    const rows = [
      ['The classification, 2026 edition'],
      [],
      ['Section (1)', '', 'Division (2)', ''],
      ['Code', 'Title', 'Code', 'Title'],
      ['A', 'Agriculture', '01', 'Crops'],
      ['', '', '02', 'Forestry'],
    ]
    const { classification } = parseClassification(rows)
    expect(labelsOf(classification, 'division', '02')).toEqual({ section: 'A', division: '02' })
  })

  it('columns named from outside, and words of another language', () => {
    const rows = cells(`Nr,Bezeichnung,gehört zu
      A,Landwirtschaft,
      01,Ackerbau,A`)
    const german = { code: ['nr'], name: ['bezeichnung'], parent: ['gehört zu'] }
    const columns = { code: 'nr', name: 'BEZEICHNUNG', parent: 'gehört  zu' }
    for (const options of [{ words: german }, { columns }])
      expect(labelsOf(parseClassification(rows, options).classification, 'division', '01')).toEqual({
        section: 'A',
        division: '01',
      })
    const levels = [
      { level: 'area', code: 'X' },
      { level: 'field', code: 'Y', name: 'N' },
    ]
    const { classification } = parseClassification(cells(`X,M,Y,N\na,Area a,,\na,,a1,Field 1`), {
      columns: { levels, name: 'M' },
    })
    expect(labelsOf(classification, 'field', 'a1')).toEqual({ area: 'a', field: 'a1' })
  })

  it('codes that were kept from being numbers, and of full width', () => {
    const { classification } = parseClassification([
      ['\ufeffcode', 'name'],
      ["'01", 'a'],
      ['="011"', 'b'],
      ['０１２', 'c'],
      ['31–33', 'd'],
      ['32 1', 'e'],
    ])
    expect(codesOf(classification, 'level2')).toEqual(['011', '012', '321'])
  })

  it('short names in English beside the official ones', () => {
    const { classification } = parseClassification(
      cells(`code,name,English name
        A,농업,Agriculture
        01,작물,Crops`),
    )
    expect(nodeOf(classification, 'section', 'A')).toEqual({
      code: 'A',
      name: '농업',
      english: 'Agriculture',
    })
  })
})

describe('what tells levels', () => {
  const outline = cells(`code,name
    1,a
    1.1,b
    1.2,c
    1.10,d
    2,e
    2.1,f
    10,g
    10.1,h`)

  it('parts of codes, where digits would leave classes without others below', () => {
    const { classification, nesting } = parseClassification(outline)
    expect(nesting).toBe('parts')
    expect(codesOf(classification, 'level1')).toEqual(['1', '2', '10'])
    expect(labelsOf(classification, 'level2', '1.10')).toEqual({ level1: '1', level2: '1.10' })
  })

  it('words and counted labels are one level', () => {
    for (const codes of [
      ['sport', 'science', 'politics'],
      Array.from({ length: 12 }, (_, i) => `class-${i + 1}`),
    ]) {
      const { classification } = parseClassification([['code', 'name'], ...codes.map((code) => [code, code])])
      expect(codesOf(classification, 'level1')).toEqual(codes)
    }
  })

  it('is asked for where numbers merely count', () => {
    const months = Array.from({ length: 12 }, (_, i) => [`${i + 1}`, `month ${i + 1}`])
    expect(() => parseClassification([['code', 'name'], ...months])).toThrow(
      expect.objectContaining({ code: 'classification/unclear' }),
    )
    const { classification } = parseClassification([['code', 'name'], ...months], { nesting: 'parts' })
    expect(codesOf(classification, 'level1').length).toBe(12)
  })

  it('may be fewer levels than the table has', () => {
    const rows = cells(`code,name
      A,a
      01,b
      011,c
      012,d`)
    const options = { depth: 2, levels: ['area', 'field', 'topic'] }
    expect(levelNames(parseClassification(rows, options).classification)).toEqual(['area', 'field'])
  })
})
