import { flatClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { readRowBlocks } from '@kic/data/node'
import { type AnswerRow, answersCsv } from '@kic/predictor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonFormat } from './format-answers.ts'

/** What cells are full of: quotes, delimiters, line breaks, what looks like a formula, Hangul. */
const cell = fc.string({ unit: fc.constantFrom(...'쌀국수0a', ...'",;|\t\n=+-@＝', "'", ' '), maxLength: 8 })

const singleSpaced = (text: string): string => text.replace(/\s+/g, ' ').trim()

const answer = fc.record({
  id: cell.map((id) => id.trim()),
  text: cell.map(singleSpaced),
  other: cell,
  coded: fc.boolean(),
})

const rowOf = ({ id, text, other, coded }: { id: string; text: string; other: string; coded: boolean }) => {
  const codes = { group: { code: '011', name: '작물 재배업', confidence: 0.5 } }
  const row: AnswerRow = {
    id,
    line: 2,
    others: { 비고: other },
    prediction: coded
      ? { status: 'coded', text, codes, confidence: 0.5, top: [], truncated: false }
      : { status: 'unusable', text, reason: 'no-letters' },
  }
  return row
}

const FORMATS = {
  CSV: answersCsv(['group'], ['비고']),
  JSONL: jsonFormat,
}

it.each(['CSV', 'JSONL'] as const)(
  '%s is read back as it was written: ids, texts, codes and other columns',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          // Without id or text there is no row.
          answer.filter(({ id, text }) => id !== '' && text !== ''),
          { minLength: 1, maxLength: 5 },
        ),
        async (answers) => {
          const { header, row } = FORMATS[format]
          const written = header + answers.map((given) => row(rowOf(given))).join('')
          const found: object[] = []
          for await (const { rows } of readRowBlocks(Buffer.from(written), {
            classification: ksic10,
            duplicateIds: 'accept',
            others: 'keep',
          }))
            for (const { id, text, labels, others } of rows)
              found.push({ id, text, group: labels?.group, other: others?.비고 })
          expect(found).toEqual(
            answers.map(({ id, text, other, coded }) => ({
              id,
              text,
              group: coded ? '011' : undefined,
              other,
            })),
          )
        },
      ),
      { numRuns: 300 },
    )
  },
)

it('CSV is read back with its own labels, whatever they begin with, and written again as it was', async () => {
  const label = fc
    .string({ unit: fc.constantFrom(..."=+-@＝'|a농: "), minLength: 1, maxLength: 6 })
    .map(singleSpaced)
    .filter((written) => written !== '')
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(label, { minLength: 1, maxLength: 5 }), async (labels) => {
      const others = ['label (input)', '=notes']
      const { header, row } = answersCsv(['label'], others)
      const answerOf = (text: string, id: string, code: string, input: string): AnswerRow => ({
        id,
        others: { 'label (input)': input, '=notes': `=${input}` },
        prediction: {
          status: 'coded',
          text,
          codes: { label: { code, name: code, confidence: 0.5 } },
          confidence: 0.5,
          top: [],
          truncated: false,
        },
      })
      const written = header + labels.map((code, i) => row(answerOf('쌀', `${i}`, code, code))).join('')
      const read = async (columns?: Readonly<Record<string, string>>) => {
        const found = []
        for await (const { rows, others: names } of readRowBlocks(Buffer.from(written), {
          classification: flatClassification(labels),
          columns,
          others: 'keep',
        }))
          found.push(...rows.map((one) => ({ ...one, names })))
        return found
      }
      const rows = await read()
      expect(rows.map((one) => one.labels?.label)).toEqual(labels)
      expect(rows[0]?.names?.slice(-2)).toEqual(others)
      const again = rows.map(({ id, text, labels: found, others: kept }) =>
        row(answerOf(text, id, found?.label ?? '', kept?.['label (input)'] ?? '')),
      )
      expect(header + again.join('')).toBe(written)
      const given = await read({ text: 'text', label: 'label (input)' })
      expect(given.map((one) => one.labels?.label)).toEqual(labels)
    }),
    { numRuns: 200 },
  )
})

it('an apostrophe in a file of others is their own', async () => {
  const cell = "'=cmd|x"
  for (const header of [
    'id,text,label',
    'id,line,status,reason,text,label',
    'id,line,status,reason,alternatives,text,label',
  ]) {
    const cells = header.split(',').map((name) => (name === 'text' || name === 'label' ? cell : '1'))
    for await (const { rows } of readRowBlocks(Buffer.from(`${header}\n${cells.join(',')}\n`), {
      classification: flatClassification([cell]),
    }))
      expect(rows).toMatchObject([{ text: cell, labels: { label: cell } }])
  }
})
