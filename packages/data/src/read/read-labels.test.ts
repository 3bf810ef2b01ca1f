import { createClassification, flatClassification, labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRows } from '../__fixtures__/ksic-files.ts'
import type { ReadOptions } from './read-options.ts'
import { describeReport } from './read-report.ts'

const groups = ksic10.levels[2]?.nodes.map(({ code }) => code) ?? []
const load = (table: string, options: ReadOptions = {}) =>
  loadRows(new TextEncoder().encode(table), { rejects: 'collect', ...options })
const codes = async (cells: readonly string[], options: ReadOptions = {}, column = 'code') => {
  const table = ['text\tid', ...cells.map((cell, i) => `벼\t${i}\t${cell}`)].join('\n')
  return load(table.replace('text\tid', `text\tid\t${column}`), options)
}

it('lists the labels of one level where one is unknown', async () => {
  const message = async (labels: readonly string[]) => {
    const { rejects } = await codes(['weather'], { classification: flatClassification(labels) }, 'label')
    return rejects[0]?.message
  }
  expect(await message(['sport', 'politics'])).toBe(
    "a label must be one of sport, politics, received 'weather'. Correct it.",
  )
  expect(await message([...'abcdef'])).toContain('a label must be one of a, b, c, d, e, … (6), received')
})

describe('codes finer than the classification', () => {
  const forms = ['33411', '3341', '334.0', '334.00', 'G334', 'C33411', 'c334', ' 33 411 ', '33.41', '３３４']

  it('are rejects whose message gives the option to read them', async () => {
    const { rows, rejects } = await codes(['33411', 'C334', '334'])
    expect(rows).toHaveLength(1)
    expect(rejects.map(({ id, reason }) => [id, reason])).toEqual([
      ['0', 'unknown-label'],
      ['1', 'unknown-label'],
    ])
    expect(rejects[0]?.message).toContain("Use finerCodes 'cut' (kic: --cut-codes) to read it as group 334.")
  })

  it.each(forms)('are truncated on request: %s', async (form) => {
    for (const column of ['code', 'group']) {
      const { rows } = await codes([form], { finerCodes: 'cut' }, column)
      expect(rows[0]?.labels).toEqual(labelsOf(ksic10, 'group', '334'))
    }
    const { rows } = await codes([form], { finerCodes: 'cut' }, 'division')
    expect(rows[0]?.labels).toEqual(labelsOf(ksic10, 'division', '33'))
  })

  it('are truncated to every group, in every form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...groups), fc.integer({ min: 0, max: 99 }), async (code, rest) => {
        const labels = labelsOf(ksic10, 'group', code)
        const finer = `${code}${String(rest).padStart(2, '0')}`
        const written = [
          finer,
          `${labels.section}${finer}`,
          `${code}.0`,
          `${finer.slice(0, 2)}.${finer.slice(2)}`,
        ]
        const { rows } = await codes(
          // Zeros behind a point are those of a number.
          written.filter((form) => !/\.0+$/.test(form) || form === `${code}.0`),
          { finerCodes: 'cut' },
        )
        for (const row of rows) expect(row.labels).toEqual(labels)
        expect(rows.length).toBeGreaterThan(2)
      }),
    )
  })

  it('are truncated by their digits if the letter is of another section, and this is reported', async () => {
    for (const column of ['code', 'group']) {
      const { rows, report } = await codes(['G33411', 'C33411', 'G334', '334'], { finerCodes: 'cut' }, column)
      expect(rows.map(({ labels }) => labels?.group)).toEqual(['334', '334', '334', '334'])
      expect(report.otherLetters).toEqual({ rows: 2, codes: ['G33411', 'G334'] })
      expect(describeReport(report)).toContain(
        '2 codes have a letter that contradicts their digits (G33411, G334): the digits count',
      )
    }
    const { rejects } = await load('text\tsection\tgroup\n벼\tG\tG334\n', { finerCodes: 'cut' })
    expect(rejects).toMatchObject([{ reason: 'contradictory-labels' }])
  })

  it('stay unknown without a matching prefix', async () => {
    const { rejects } = await codes(['00000', '3', 'C', '세', '33.4.1'], { finerCodes: 'cut' })
    expect(rejects.map(({ id }) => id)).toEqual(['0', '1', '3', '4'])
    const letters = createClassification('letters', [{ name: 'kind', nodes: [{ code: 'A', name: 'a' }] }])
    const { rows } = await load('text\tcode\n벼\tA\n소\tAB\n', { classification: letters, finerCodes: 'cut' })
    expect(rows).toHaveLength(1)
  })
})

describe('labels of several levels', () => {
  it('go down to the row’s own level', async () => {
    const table = 'text,section,division,group\n벼,A,1,11\n소,A,01,\n말,A,,\n개,,,\n닭,,01,012\n오리,A,,012\n'
    const { rows, rejects, report } = await load(table)
    expect(rows.map(({ labels }) => labels)).toEqual([
      { section: 'A', division: '01', group: '011' },
      { section: 'A', division: '01' },
      { section: 'A' },
      undefined,
    ])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [6, 'incomplete-labels'],
      [7, 'incomplete-labels'],
    ])
    expect(report.labelledTo).toEqual({ section: 1, division: 1, group: 1 })
    expect(describeReport(report)).toContain('(3 labelled: 1 to section, 1 to division, 1 to group)')
  })

  it('are faults if incomplete in the competition’s format', async () => {
    const header = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal'
    const { rejects } = await load(`${header}\n1|A|1|11|벼||\n2|A|1||벼||\n`)
    expect(rejects).toMatchObject([{ id: '2', reason: 'incomplete-labels' }])
  })
})

describe('lost zeros in a column of codes', () => {
  it('are reported if every other code is finer', async () => {
    const { rows, report } = await codes(['334', '476', '11', '011', '11', '12', '751'])
    expect(rows[2]?.labels).toEqual({ section: 'C', division: '11' })
    expect(report.labelledTo).toEqual({ division: 3, group: 4 })
    expect(report.lostZeros).toEqual({
      rows: 3,
      codes: [
        ['11', '011'],
        ['12', '012'],
      ],
      level: 'group',
    })
    expect(describeReport(report)).toContain(
      '3 rows probably lost the leading zero of their code (11 for 011, 12 for 012; every other code is a group): ' +
        'add the zeros, or rename the column to group, which restores them',
    )
    const named = await codes(['334', '11'], { columns: { text: 'text', group: 'code' } })
    expect(named.rows[1]?.labels).toEqual(labelsOf(ksic10, 'group', '011'))
    expect(named.report.lostZeros).toBeUndefined()
  })

  it('are reported in truncated codes, and restored if only one reading is a code', async () => {
    const cells = ['33411', '1110', '47611', '8011', 'A1110', 'C1110', 'A11']
    const { rows, report } = await codes(cells, { finerCodes: 'cut' })
    expect(rows.map(({ labels }) => labels?.group)).toEqual(['334', '111', '476', '080', '011', '111', '011'])
    expect(report.lostZeros).toBeUndefined()
    const plain = await codes(cells.slice(0, 4), { finerCodes: 'cut' })
    expect(plain.report.lostZeros).toEqual({ rows: 1, codes: [['1110', '01110']], level: undefined })
    expect(describeReport(plain.report)).toContain(
      '(1110 for 01110; every other code has more digits): add the zeros',
    )
    const short = await codes(['3341', '1110', '4761'], { finerCodes: 'cut' }, 'group')
    expect(short.report.lostZeros).toBeUndefined()
  })

  it('are not suspected beside coarser codes, or alone', async () => {
    expect((await codes(['334', '11', '47'])).report.lostZeros).toBeUndefined()
    expect((await codes(['11', '12'])).report.lostZeros).toBeUndefined()
    expect((await codes(['11', '334', '1'])).rejects[0]?.message).toContain('leading zero of division 01')
  })
})
