import { codesOf, labelsOf, nodeOf, parentOf } from '@kic/classification'
import { describe, expect, it } from 'vitest'
import { textKey } from '../split/text-key.ts'
import { loadNaics } from './load-naics.ts'
import { naicsDataset } from './naics-dataset.ts'
import { naicsTexts } from './naics-texts.ts'

const texts = (description: string) =>
  naicsTexts('Title ', description)
    .slice(1)
    .map(({ kind, text }) => `${kind}: ${text}`)

describe('naicsTexts', () => {
  it('takes the title without its trilateral mark', () => {
    expect(naicsTexts('Crop ProductionT ', 'NULL')).toEqual([{ kind: 'title', text: 'Crop Production' }])
    expect(naicsTexts('Hardware (Metal)T', 'See industry description for 332510.')[0]?.text).toBe(
      'Hardware (Metal)',
    )
  })

  it('takes the activity of a class, without the common opening words', () => {
    expect(
      texts(
        'This U.S. industry comprises establishments primarily engaged in knitting socks.  Hosiery mills (e.g. St. Paul Knit) dye, too.\r\n\r\nCross-References. Establishments primarily engaged in--',
      ),
    ).toEqual(['sentence: knitting socks', 'sentence: Hosiery mills (e.g. St. Paul Knit) dye, too'])
  })

  it('takes numbered activities one by one', () => {
    expect(
      texts(
        'This industry group comprises establishments primarily engaged in one or more of the following: (1) growing corn; and/or (2) growing rice.',
      ),
    ).toEqual(['sentence: growing corn', 'sentence: growing rice'])
  })

  it('takes every example, also one that continues in the next line', () => {
    expect(
      texts(
        'This industry comprises establishments primarily engaged in playing.\r\n\r\nIllustrative Examples:\r\n\r\nArcades\r\nSlot machines (i.e.,\r\nnot poker)\r\n\r\n\r\nCross-References.',
      ),
    ).toEqual(['example: Arcades', 'example: Slot machines (i.e., not poker)', 'sentence: playing'])
  })

  it('leaves out descriptions of other classes', () => {
    expect(
      texts(
        'Growing hops. Establishments that brew are classified in Industry 31212, Breweries. Excluded are malt houses. Roasting is not included in this industry.',
      ),
    ).toEqual(['sentence: Growing hops'])
    expect(texts('Growing hops.\r\n\r\nCross-References. Brewing beer--are in another place.')).toEqual([
      'sentence: Growing hops',
    ])
  })
})

describe('naicsDataset', () => {
  const entry = (code: string, title: string, description = 'NULL') => ({ code, title, description })

  it('keeps a text once within a group and drops one that several groups share', () => {
    const { rows, ambiguous } = naicsDataset([
      entry('31-33', 'Manufacturing'),
      entry('311', 'Food'),
      entry('3111', 'Animal Food'),
      entry('3112', 'Grain'),
      entry('31111', 'Animal Food', 'Milling. The work may be seasonal.'),
      entry('311211', 'Flour', 'The work may be seasonal. Grinding.'),
    ])
    expect(rows.map((row) => [row.id, row.text, row.labels?.industryGroup])).toEqual([
      ['naics:3111/title/1', 'Animal Food', '3111'],
      ['naics:3112/title/1', 'Grain', '3112'],
      ['naics:31111/sentence/1', 'Milling', '3111'],
      ['naics:311211/title/1', 'Flour', '3112'],
      ['naics:311211/sentence/2', 'Grinding', '3112'],
    ])
    expect(ambiguous).toBe(1)
    expect(rows[0]?.labels).toEqual({ sector: '31-33', subsector: '311', industryGroup: '3111' })
  })
})

describe('loadNaics', () => {
  it('returns the 2017 classification: 20 sectors, 99 subsectors, 311 industry groups', async () => {
    const { classification } = await loadNaics()
    // Counts from the 2017 NAICS Manual (Executive Office of the President, OMB).
    expect(classification.levels.map((level) => [level.name, level.nodes.length])).toEqual([
      ['sector', 20],
      ['subsector', 99],
      ['industryGroup', 311],
    ])
    expect(parentOf(classification, 'subsector', '336')).toBe('31-33')
    expect(parentOf(classification, 'subsector', '454')).toBe('44-45')
    expect(nodeOf(classification, 'industryGroup', '5112')?.name).toBe('Software Publishers')
  })

  it('returns thousands of rows, at least two for every group, and none about another class', async () => {
    const { classification, rows } = await loadNaics()
    expect(rows.length).toBeGreaterThan(5500)
    for (const group of codesOf(classification, 'industryGroup'))
      expect(rows.filter((row) => row.labels?.industryGroup === group).length).toBeGreaterThanOrEqual(2)
    expect(new Set(rows.map((row) => textKey(row.text))).size).toBe(rows.length)
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    const other =
      /Cross-Ref|See industry|NULL|\bclassified in (?!this)|\bexcluded\b|\b(?:Industry|Sector|Subsector) \d/i
    expect(rows.filter((row) => other.test(row.text))).toEqual([])
    expect(rows.find((row) => row.text === 'growing soybeans and/or producing soybean seeds')?.labels).toBe(
      labelsOf(classification, 'industryGroup', '1111'),
    )
    expect(rows.find((row) => row.text === 'Gunite contractors')?.labels?.industryGroup).toBe('2381')
  })
})
