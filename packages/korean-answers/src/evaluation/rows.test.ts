import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import type { EvaluationRow } from './evaluation-row.ts'
import { evaluationRows } from './rows.ts'

const fields = (row: EvaluationRow): readonly string[] => [row.object, row.method, row.deal]
const packed = (row: EvaluationRow): string => fields(row).join('').replace(/\s/g, '')
const shareOf = (holds: (row: EvaluationRow) => boolean): number =>
  evaluationRows.filter(holds).length / evaluationRows.length

const isBare = (row: EvaluationRow): boolean => fields(row).filter(Boolean).length === 1

describe('evaluationRows', () => {
  it('has at least ten rows for each group that occurs, and no other groups', () => {
    const counts = new Map<string, number>()
    for (const { group } of evaluationRows) counts.set(group, (counts.get(group) ?? 0) + 1)
    expect([...counts.keys()].sort()).toEqual(codesOf(ksic10Occurring, 'group'))
    expect([...counts].filter(([, count]) => count < 10)).toEqual([])
  })

  it('has at least 2,250 rows, a third of them bare terms', () => {
    expect(evaluationRows.length).toBeGreaterThanOrEqual(2250)
    expect(shareOf(isBare)).toBeGreaterThanOrEqual(1 / 3)
    expect(shareOf(isBare)).toBeLessThan(0.5)
  })

  it('repeats no text, also with other spaces', () => {
    const seen = new Map<string, number>()
    for (const row of evaluationRows) seen.set(packed(row), (seen.get(packed(row)) ?? 0) + 1)
    expect([...seen].filter(([, count]) => count > 1)).toEqual([])
  })

  it('has texts of 2 to 60 characters without stray spaces or separators', () => {
    for (const row of evaluationRows) {
      const text = fields(row).filter(Boolean).join(' ')
      expect(text.length, text).toBeGreaterThanOrEqual(2)
      expect(text.length, text).toBeLessThanOrEqual(60)
      for (const field of fields(row)) expect(field).toBe(field.trim())
      expect(text).not.toMatch(/[|\t\n]| {2}/)
    }
    expect(evaluationRows.filter((row) => packed(row).length < 4).length).toBeLessThan(5)
  })

  it('shows the traits of real answers', () => {
    const runTogether = shareOf((row) => fields(row).every((field) => !field.includes(' ')))
    const oneMissing = shareOf((row) => fields(row).filter(Boolean).length === 2)
    expect(runTogether).toBeGreaterThan(0.4)
    expect(runTogether).toBeLessThan(0.7)
    expect(oneMissing).toBeGreaterThan(0.02)
  })

  const folder = fileURLToPath(new URL('../../../../../shared/data/ksic/', import.meta.url))
  it(
    existsSync(folder) ? 'copies no official index term' : 'copies no index term (nothing to compare with)',
    () => {
      if (!existsSync(folder)) return
      const terms = new Set(
        ['train.tsv', 'dev.tsv'].flatMap((name) =>
          readFileSync(`${folder}${name}`, 'utf8')
            .split('\n')
            .map((line) => line.split('\t', 1)[0]?.replace(/\s/g, '')),
        ),
      )
      expect(terms.size).toBeGreaterThan(20_000)
      expect(evaluationRows.filter((row) => terms.has(packed(row)))).toEqual([])
    },
  )
})
