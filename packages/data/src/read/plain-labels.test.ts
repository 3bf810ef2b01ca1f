import { expect, it } from 'vitest'
import { loadRows } from './collect-rows.ts'
import { competitionLayout } from './layout.ts'

const read = (text: string, options = {}) => loadRows(new TextEncoder().encode(text), options)
const labels = async (text: string, options = {}) => (await read(text, options)).rows.map((row) => row.labels)

it('are texts in their spelling, under any column name', async () => {
  const expected = [{ label: '011' }, { label: 'Sport & more' }, undefined]
  for (const name of ['label', 'Label ', 'code'])
    expect(await labels(`text,${name}\na,011\nb, Sport & more \nc,\n`)).toEqual(expected)
  expect(await labels('a\t011\nb\tSport & more\n')).toEqual(expected.slice(0, 2))
  expect(await labels('t,l\na,011\n', { columns: { text: 't', label: 'l' } })).toEqual([{ label: '011' }])
})

it('are one object if equal, and counted', async () => {
  const { rows, report } = await read('text,label\na,x\nb,y\nc,x\nd,\n')
  expect(rows[0]?.labels).toBe(rows[2]?.labels)
  expect([report.labelled, report.labelledTo, report.lostZeros]).toEqual([3, { label: 3 }, undefined])
})

it('have the names of several columns, and are complete if required', async () => {
  const header = (competitionLayout.header ?? []).join('|')
  const { rows, rejects } = await read(`${header}\n1|S|95|952|a|b|c\n2||||a|b|c\n3|S||952|a|b|c\n`, {
    rejects: 'collect',
  })
  expect(rows.map((row) => row.labels)).toEqual([{ digit_1: 'S', digit_2: '95', digit_3: '952' }, undefined])
  expect(rejects).toMatchObject([
    {
      reason: 'incomplete-labels',
      message: expect.stringContaining("digit_1 'S', digit_2 '', digit_3 '952'"),
    },
  ])
})

it('do not come from columns of levels, which need a classification', async () => {
  const { rows } = await read('text,group\na,011\n', { others: 'keep' })
  expect(rows).toMatchObject([{ text: 'a', others: { group: '011' } }])
  await expect(read('words,group\na,011\n')).rejects.toThrow(/label/)
})
