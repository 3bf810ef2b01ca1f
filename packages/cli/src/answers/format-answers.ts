import { percent, textTable } from '@kic/core'
import type { AnswerRow, LevelCode, Prediction } from '@kic/predictor'
import { explanationInWords } from './explanation-in-words.ts'

/** A text format of answers: a header, which may be empty, and each answer with its line end. */
export interface AnswerFormat {
  readonly header: string
  row(answer: AnswerRow): string
}

/** JSON lines with all data of a row. */
export const jsonFormat: AnswerFormat = {
  header: '',
  row: (answer) => {
    const { id, line, others } = answer
    const what =
      'reject' in answer
        ? { status: 'unusable', reason: answer.reject.reason, message: answer.reject.message }
        : { ...answer.prediction, explanation: answer.explanation }
    return `${JSON.stringify({ id, line, ...what, columns: others })}\n`
  },
}

/** For people: the codes below each other, then other candidates. */
export const humanFormat: AnswerFormat = {
  header: '',
  row: (answer) => {
    if ('reject' in answer) return `line ${answer.line}: ${answer.reject.message}\n\n`
    const { prediction, explanation } = answer
    const why = explanation === undefined ? '' : explanationInWords(explanation)
    return `${textTable([[prediction.text]])}${inWords(prediction)}${why}\n`
  },
}

const REASONS = {
  empty: 'not classified: the text is empty',
  'no-letters': 'not classified: the text has no letters',
  'other-language': 'not classified: the text is not in the model’s language',
  'unknown-words': 'not classified: no part of the text is in the model’s vocabulary',
} as const

/** Labels of one's own are their own names. */
const cells = ({ code, name, confidence }: LevelCode): readonly string[] => [
  code,
  percent(confidence).padStart(7),
  name === code ? '' : name,
]

/** '  group among 952 93.4 %, 451 2.1 %' */
const setInWords = (level: string, set: readonly LevelCode[]): string => {
  const named = set.slice(0, SHOWN).map(({ code, confidence }) => `${code} ${percent(confidence)}`)
  const more = set.length > SHOWN ? `, … (${set.length} codes)` : ''
  return textTable(
    [[`${level} ${set.length === 0 ? 'among none' : `among ${named.join(', ')}${more}`}`]],
    '  ',
  )
}

/** Codes of a set that are shown to people. */
const SHOWN = 10

const inWords = (prediction: Prediction): string => {
  if (prediction.status === 'unusable') return `  ${REASONS[prediction.reason]}\n`
  const codes = Object.values(prediction.codes).map(cells)
  const others = prediction.top.slice(1).map(cells)
  // One table, so that answer and alternatives have the same columns; each row is a line.
  const lines = textTable([...codes, ...others], '  ')
    .split('\n')
    .slice(0, -1)
  if (others.length > 0) lines.splice(codes.length, 0, '  or')
  return (
    lines.map((line) => `${line}\n`).join('') +
    Object.entries(prediction.sets ?? {})
      .map(([level, set]) => setInWords(level, set))
      .join('') +
    (prediction.novelty?.novel === true
      ? `  (unlike the texts that the model was calibrated on, p = ${prediction.novelty.pValue.toFixed(4)})\n`
      : '') +
    (prediction.status === 'review' ? '  → to review\n' : '') +
    (prediction.truncated ? '  (the text exceeds the model’s input length; its end was cut)\n' : '')
  )
}
