import { createHash } from 'node:crypto'
import { isConsistent } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { joinFields, type RowFields } from '@kic/data'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { evaluationRows } from '../evaluation/rows.ts'
import { readLexicon } from '../read-lexicon.ts'
import { type GeneratedRow, type GenerateRowsOptions, generateRows } from './generate-rows.ts'

const all = (options: GenerateRowsOptions): readonly GeneratedRow[] => [...generateRows(options)]
const published = all({ rows: 60_000, seed: 7 })
const fresh = all({ rows: 30_000, seed: 7, repeats: 0 })
const lexicon = readLexicon()
const shareOf = (rows: readonly GeneratedRow[], holds: (row: GeneratedRow) => boolean): number =>
  rows.filter(holds).length / rows.length
const pairsOf = (row: RowFields): readonly string[] => {
  const letters = ` ${joinFields(row).replace(/\s/g, '')} `
  return Array.from({ length: letters.length - 1 }, (_, at) => letters.slice(at, at + 2))
}
const gapOf = (row: GeneratedRow): string =>
  [row.object, row.method, row.deal].map((field) => (field === '' ? '-' : 'x')).join('')

describe('generateRows', () => {
  it('is the same for the same seed, also from the same iterable', () => {
    const rows = generateRows({ rows: 500, seed: 3 })
    expect([...rows]).toEqual([...rows])
    expect([...rows]).toEqual(all({ rows: 500, seed: 3 }))
    expect([...rows]).not.toEqual(all({ rows: 500, seed: 4 }))
  })

  // Models name their training rows by seed and options. Whoever changes words or generator changes the digests.
  it.each([
    [{ rows: 20_000, seed: 7 }, 'aaa3058953f1971c0b1884ef3ca1b6fd1aaeacc4df0d831a5756cbf05bb980b0'],
    [
      { rows: 20_000, seed: 1, balance: 0.35, minPerGroup: 40, repeats: 0, singleField: 0.4 },
      'b70f67e492a2a1e28e3777d104954e8c646a75bee6f5091de974edefdbc15078',
    ],
  ])('gives the known rows for %j', (options, digest) => {
    const lines = all(options).map((row) => `${JSON.stringify(Object.values(row))}\n`)
    expect(createHash('sha256').update(lines.join('')).digest('hex')).toBe(digest)
  })

  it('numbers the rows and labels them along one path', () => {
    expect(published[0]?.id).toBe('id_0000001')
    expect(published.at(-1)?.id).toBe('id_0060000')
    const astray = published.filter(
      ({ section, division, group }) => !isConsistent(ksic10Occurring, { section, division, group }),
    )
    expect(astray).toEqual([])
  })

  it('leaves fields empty as often as published', () => {
    const expected = {
      xxx: 0.92985,
      'xx-': 0.02317,
      'x--': 0.02294,
      '-x-': 0.0155,
      'x-x': 0.00593,
      '-xx': 0.0018,
      '--x': 0.00081,
    }
    // Three standard deviations of a share in 30,000 rows.
    for (const [gap, share] of Object.entries(expected))
      expect(Math.abs(shareOf(fresh, (row) => gapOf(row) === gap) - share), gap).toBeLessThan(
        3 * Math.sqrt((share * (1 - share)) / fresh.length),
      )
  })

  it('has answers of 20 to 30 characters in the mean, mostly run together', () => {
    const mean = published.reduce((sum, row) => sum + joinFields(row).length, 0) / published.length
    expect(mean).toBeGreaterThan(20)
    expect(mean).toBeLessThan(30)
    const runTogether = shareOf(published, (row) => !`${row.object}${row.method}${row.deal}`.includes(' '))
    expect(runTogether).toBeGreaterThan(0.5)
    expect(runTogether).toBeLessThan(0.8)
  })

  it('repeats answers, mostly in large groups, and hardly any on request', () => {
    const unique = (rows: readonly GeneratedRow[]): number => new Set(rows.map(joinFields)).size / rows.length
    expect(unique(published)).toBeGreaterThan(0.6)
    expect(unique(published)).toBeLessThan(0.72)
    expect(unique(fresh)).toBeGreaterThan(0.97)
    const inGroup = (group: string) => unique(published.filter((row) => row.group === group))
    expect(inGroup('561')).toBeLessThan(inGroup('292'))
  })

  it('writes fields that fit into a competition file', () => {
    const unfit = fresh.filter((row) => {
      const fields = [row.object, row.method, row.deal]
      const cells = fields.join('|')
      return (
        joinFields(row) === '' ||
        /[\r\n\t]| {2}/.test(cells) ||
        fields.some((field) => field.includes('|') || field !== field.trim()) ||
        iconv.decode(iconv.encode(cells, 'cp949'), 'cp949') !== cells
      )
    })
    expect(unfit).toEqual([])
  })

  it('covers every group on request', () => {
    const rows = all({ rows: 2500, seed: 1, balance: 0.3, minPerGroup: 8 })
    const counts = new Map<string, number>()
    for (const { group } of rows) counts.set(group, (counts.get(group) ?? 0) + 1)
    expect(counts.size).toBe(225)
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(8)
  })

  it('makes the given shares of one-field answers and slips', () => {
    const short = all({ rows: 4000, seed: 2, singleField: 0.5, repeats: 0 })
    expect(shareOf(short, (row) => /^(x--|-x-|--x)$/.test(gapOf(row)))).toBeCloseTo(0.5, 1)
    // A slip makes pairs of letters that no clean answer has.
    const seen = new Set(all({ rows: 150_000, seed: 2, typos: 0, repeats: 0 }).flatMap(pairsOf))
    const odd = (typos: number): number =>
      shareOf(all({ rows: 3000, seed: 9, typos, repeats: 0 }), (row) =>
        pairsOf(row).some((pair) => !seen.has(pair)),
      )
    expect(odd(1)).toBeGreaterThan(2.5 * odd(0))
  })

  it('refuses impossible shares and quotas, and gaps of the lexicon', () => {
    expect(() => generateRows({ rows: 1000, seed: 1, repeats: 1.5 })).toThrow(
      /repeats must lie between 0 and 1, received 1.5/,
    )
    expect(() => generateRows({ rows: 1000, seed: 1, typos: -1 })).toThrow(/typos/)
    expect(() => generateRows({ rows: 100, seed: 1 })).toThrow(/225 groups/)
    const lacking = lexicon.filter((entry) => entry.group !== '222')
    expect(() => generateRows({ rows: 1000, seed: 1, lexicon: lacking })).toThrow(/group 222 has no entry/)
    const hollow = lexicon.map((entry) => (entry.group === '222' ? { ...entry, answers: [] } : entry))
    expect(() => generateRows({ rows: 1000, seed: 1, lexicon: hollow })).toThrow(
      /group 222 has an empty list/,
    )
  })

  it('trains a bag of character pairs that classifies hand-written answers', () => {
    const rows = all({ rows: 30_000, seed: 5, balance: 0.35, minPerGroup: 40, repeats: 0, singleField: 0.4 })
    const groups = [...new Set(rows.map((row) => row.group))]
    const counts = new Map<string, Float64Array>()
    const totals = new Float64Array(groups.length)
    const indexOf = new Map(groups.map((group, index) => [group, index]))
    for (const row of rows) {
      const index = indexOf.get(row.group) ?? 0
      for (const pair of pairsOf(row)) {
        const seen = counts.get(pair) ?? new Float64Array(groups.length)
        seen[index] = defined(seen[index]) + 1
        totals[index] = defined(totals[index]) + 1
        counts.set(pair, seen)
      }
    }
    // Naive Bayes with additive smoothing, every group equally likely.
    const guess = (row: RowFields): string | undefined => {
      const scores = new Float64Array(groups.length)
      for (const pair of pairsOf(row)) {
        const seen = counts.get(pair)
        if (seen === undefined) continue
        for (let i = 0; i < groups.length; i++)
          scores[i] =
            defined(scores[i]) +
            Math.log((defined(seen[i]) + 0.05) / (defined(totals[i]) + 0.05 * counts.size))
      }
      return groups[scores.indexOf(Math.max(...scores))]
    }
    const right = evaluationRows.filter((row) => guess(row) === row.group).length
    expect(right / evaluationRows.length).toBeGreaterThan(0.75)
  })
})
