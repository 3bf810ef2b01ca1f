import { csvLine } from '@kic/data/formats'
import type { AnswerRow } from './answer-row.ts'

/** The header, and a row, each with its line end. */
export interface AnswersCsv {
  readonly header: string
  row(answer: AnswerRow): string
}

const share = (value: number): string => value.toFixed(4)

/** Answers as CSV, one line a row of the input, whatever came of it: the columns of `kic predict`. No cell is a formula. */
export const answersCsv = (levels: readonly string[]): AnswersCsv => {
  const columns = [
    'id',
    'line',
    'status',
    'reason',
    ...levels.flatMap((level) => [level, `${level}_name`, `${level}_confidence`]),
    'alternatives',
    'text',
  ]
  const none = levels.flatMap(() => ['', '', ''])
  return {
    header: csvLine(columns),
    row: (answer) => {
      const place = String(answer.line ?? '')
      if ('reject' in answer) {
        return csvLine(['', place, 'unusable', answer.reject.reason, ...none, '', answer.reject.excerpt])
      }
      const { prediction, id = '' } = answer
      if (prediction.status === 'unusable') {
        return csvLine([id, place, 'unusable', prediction.reason, ...none, '', prediction.text])
      }
      const codes = levels.flatMap((level) => {
        const found = prediction.codes[level]
        return found === undefined ? ['', '', ''] : [found.code, found.name, share(found.confidence)]
      })
      const alternatives = prediction.top.map(({ code, confidence }) => `${code}:${share(confidence)}`)
      const reason = prediction.truncated ? 'truncated' : ''
      return csvLine([
        id,
        place,
        prediction.status,
        reason,
        ...codes,
        alternatives.join(' '),
        prediction.text,
      ])
    },
  }
}
