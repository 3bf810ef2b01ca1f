import { describe, expect, it } from 'vitest'
import { parseTable } from '../table.ts'
import { guessedColumns, labelledRows } from './labelled-rows.ts'

const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`

describe('guessedColumns', () => {
  it("finds texts and the finest code of the competition's rows", () => {
    const groups = ['952', '561', '471']
    const file = lines(30, (i) => {
      const group = groups[i % 3] ?? ''
      return `id_${i}|${'SIG'[i % 3]}|${group.slice(0, 2)}|${group}|식당에서 손님에게|한식을 조리 ${i}|판매`
    })
    const { texts, label } = guessedColumns(parseTable(file))
    expect(texts).toContain(5)
    expect([1, 2, 3]).toContain(label)
    expect(texts).not.toContain(label)
  })

  it('takes the finest of the columns whose values repeat, and no id', () => {
    const topics = ['sport', 'politics', 'science', 'weather']
    const table = parseTable(
      `id,area,topic,text\n${lines(40, (i) => `a${i},${i % 2 ? 'home' : 'abroad'},${topics[i % 4]},the story of the day ${i} and its end`)}`,
    )
    expect(guessedColumns(table)).toEqual({ texts: [3], label: 2 })
  })

  it('finds labels that have as many words as short texts', () => {
    const table = parseTable(`text,label\n${lines(30, (i) => `story${i},${i % 2 ? 'sport' : 'politics'}`)}`)
    expect(guessedColumns(table)).toEqual({ texts: [0], label: 1 })
  })

  it('finds no label where nothing repeats', () => {
    const table = parseTable(`id,text\n${lines(30, (i) => `${i},the story ${i}`)}`)
    expect(guessedColumns(table).label).toBe(-1)
  })
})

it('leaves out rows without text or label', () => {
  const table = parseTable('번호,장소,내용,코드\n1,식당,한식, 561 \n2,,,561\n3,카페,커피,\n')
  expect(labelledRows(table, [1, 2], 3)).toEqual([{ text: '식당 한식', label: '561' }])
})
