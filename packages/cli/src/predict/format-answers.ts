import { csvCell, looksLikeFormula } from '@kic/data/formats'
import type { Prediction } from '@kic/predictor'
import { percent, table } from '../table.ts'
import type { AnswerRow } from './answer-row.ts'

/** How answers are written: a header, if any, and each answer with its line end. */
export interface AnswerFormat {
  readonly header: string
  row(answer: AnswerRow): string
}

/** A cell that no spreadsheet program runs as a formula. */
const safeCell = (cell: string): string => csvCell(looksLikeFormula(cell) ? `'${cell}` : cell)

const share = (value: number): string => value.toFixed(4)

/** CSV: one line a row of the input, whatever came of it. */
export const csvFormat = (levels: readonly string[]): AnswerFormat => {
  const columns = [
    'id',
    'line',
    'status',
    'reason',
    ...levels.flatMap((level) => [level, `${level}_name`, `${level}_confidence`]),
    'alternatives',
    'text',
  ]
  const line = (cells: readonly string[]): string => `${cells.map(safeCell).join(',')}\r\n`
  const none = levels.flatMap(() => ['', '', ''])
  return {
    header: line(columns),
    row: (answer) => {
      const place = String(answer.line ?? '')
      if ('reject' in answer) {
        return line(['', place, 'unusable', answer.reject.reason, ...none, '', answer.reject.excerpt])
      }
      const { prediction, id = '' } = answer
      if (prediction.status === 'unusable') {
        return line([id, place, 'unusable', prediction.reason, ...none, '', prediction.text])
      }
      const codes = levels.flatMap((level) => {
        const found = prediction.codes[level]
        return found === undefined ? ['', '', ''] : [found.code, found.name, share(found.confidence)]
      })
      const alternatives = prediction.top.map(({ code, confidence }) => `${code}:${share(confidence)}`)
      const reason = prediction.truncated ? 'truncated' : ''
      return line([id, place, prediction.status, reason, ...codes, alternatives.join(' '), prediction.text])
    },
  }
}

/** JSON lines: everything that is known of a row. */
export const jsonFormat: AnswerFormat = {
  header: '',
  row: (answer) => {
    const { id, line } = { id: undefined, ...answer }
    const place = { ...(id === undefined ? {} : { id }), ...(line === undefined ? {} : { line }) }
    const what =
      'reject' in answer
        ? { status: 'unusable', reason: answer.reject.reason, message: answer.reject.message }
        : answer.prediction
    return `${JSON.stringify({ ...place, ...what })}\n`
  },
}

/** For people: the codes under each other, then what else it could be. */
export const humanFormat: AnswerFormat = {
  header: '',
  row: (answer) => {
    if ('reject' in answer) return `line ${answer.line}: ${answer.reject.message}\n\n`
    return `${answer.prediction.text}\n${inWords(answer.prediction)}\n`
  },
}

const REASONS = {
  empty: 'not classified: the text is empty',
  'no-letters': 'not classified: the text has no letters',
  'other-language': 'not classified: the text is not in the language of the model',
  'unknown-words': 'not classified: the model knows no part of the text',
} as const

const inWords = (prediction: Prediction): string => {
  if (prediction.status === 'unusable') return `  ${REASONS[prediction.reason]}\n`
  const codes = Object.values(prediction.codes).map(({ code, name, confidence }) => [
    code,
    percent(confidence).padStart(7),
    name,
  ])
  const others = prediction.top
    .slice(1)
    .map(({ code, name, confidence }) => [code, percent(confidence).padStart(7), name])
  return (
    table(codes, '  ') +
    (others.length === 0 ? '' : `  or\n${table(others, '  ')}`) +
    (prediction.status === 'review' ? '  → to review\n' : '') +
    (prediction.truncated ? '  (the text is longer than the model reads; its end was not seen)\n' : '')
  )
}
