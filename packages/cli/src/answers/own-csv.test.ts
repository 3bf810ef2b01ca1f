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
          // Without id or text there is no row; an apostrophe before a formula is taken for the one that was written.
          answer.filter(
            ({ id, text }) => id !== '' && text !== '' && ![id, text].some((given) => given.startsWith("'")),
          ),
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
              other: expect.stringContaining(format === 'CSV' ? '' : other),
            })),
          )
        },
      ),
      { numRuns: 300 },
    )
  },
)
