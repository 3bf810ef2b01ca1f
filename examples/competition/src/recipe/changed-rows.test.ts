import { defined } from '@kic/core'
import type { Row } from '@kic/data'
import { answerToRow } from '@kic/korean-answers'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import { expect, it } from 'vitest'
import { changedRows } from './changed-rows.ts'

const rows: readonly Row[] = evaluationRows.slice(0, 200).map((answer, i) => answerToRow(answer, i))
const textsOf = (list: readonly Row[]): string[] => list.map(({ text }) => text)
const letters = (list: readonly Row[]): string[] => list.map(({ text }) => text.replaceAll(' ', ''))

it('removes every space of the test rows, those between fields too, or draws others from the seed', () => {
  const { joined, spaced } = changedRows({ validation: [], test: rows }, 1)
  expect(textsOf(joined)).toEqual(letters(rows))
  expect(letters(spaced)).toEqual(letters(rows))
  const others = spaced.filter(({ text }, i) => text !== rows[i]?.text).length
  expect(others).toBeGreaterThan(150)
  for (const part of [joined, spaced])
    expect(part.map(({ id, labels }) => ({ id, labels }))).toEqual(
      rows.map(({ id, labels }) => ({ id, labels })),
    )
  expect(changedRows({ validation: [], test: rows }, 1)).toMatchObject({ joined, spaced })
  expect(textsOf(changedRows({ validation: [], test: rows }, 2).spaced)).not.toEqual(textsOf(spaced))
})

it('copies each validation row four times: without spaces, with others, with other words, in another length', () => {
  const { copies, copyOf } = changedRows({ validation: rows, test: [] }, 1)
  expect(copies.length).toBe(800)
  expect([...copyOf].sort((a, b) => a - b)).toEqual(rows.flatMap((_, row) => Array(4).fill(row)))
  const kind = (k: number) => {
    const [part, sources] = [copies.slice(200 * k, 200 * (k + 1)), copyOf.slice(200 * k, 200 * (k + 1))]
    const originals = Array.from(sources, (row) => defined(rows[row]))
    const other = part.filter(({ text }, i) => text !== originals[i]?.text).length
    expect(part.map(({ labels }) => labels)).toEqual(originals.map(({ labels }) => labels))
    return { part, originals, other }
  }
  const [joined, spaced, reworded, resized] = [kind(0), kind(1), kind(2), kind(3)]
  expect(textsOf(joined.part)).toEqual(letters(joined.originals))
  expect(letters(spaced.part)).toEqual(letters(spaced.originals))
  for (const { other } of [reworded, resized]) expect(other).toBeGreaterThan(100)
  const lengths = (list: readonly Row[]) => list.map(({ text }) => text.length)
  const longer = lengths(resized.part).filter((length, i) => length > (lengths(resized.originals)[i] ?? 0))
  const shorter = lengths(resized.part).filter((length, i) => length < (lengths(resized.originals)[i] ?? 0))
  expect(Math.min(longer.length, shorter.length)).toBeGreaterThan(30)
})

it('copies so many of a larger set, whatever their order in the file', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...defined(rows[i % 200]), id: `${i}` }))
  const { copies, copyOf } = changedRows({ validation: many, test: [] }, 1)
  expect([copies.length, copyOf.length]).toEqual([4000, 4000])
  expect(copyOf.reduce((sum, row) => sum + row, 0) / copyOf.length).toBeGreaterThan(2300)
})
