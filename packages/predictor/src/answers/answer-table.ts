import { freeName } from '@kic/data'
import type { AnswerRow } from './answer-row.ts'
import { type GuaranteeColumns, guaranteeCells, withConfidences } from './guarantee-cells.ts'

/** Answers as rows of cells, for any output format. */
export interface AnswerTable {
  readonly columns: readonly string[]
  /** One cell per column; numbers for columns that count or measure. */
  cells(answer: AnswerRow): readonly (string | number)[]
}

const share = (value: number): number => Number(value.toFixed(4))

/**
 * The columns of `kic predict` and the cells of each answer: one output row for each input row, whatever its result.
 *
 * @param others names of the passed-through columns of the input; if an answer column has the same name, theirs becomes
 * `name (input)`
 * @param guarantees what the model guarantees; its columns come after the alternatives
 */
export const answerTable = (
  levels: readonly string[],
  others: readonly string[] = [],
  guarantees: GuaranteeColumns = {},
): AnswerTable => {
  const guaranteed = guaranteeCells(levels, guarantees)
  const own = [
    'id',
    'line',
    'status',
    'reason',
    ...levels.flatMap((level) => [level, `${level}_name`, `${level}_confidence`]),
    'alternatives',
    ...guaranteed.columns,
    'text',
  ]
  const taken = new Set(own)
  const passed = others.map((name) => {
    const free = freeName(name, taken)
    taken.add(free)
    return free
  })
  const none = levels.flatMap(() => ['', '', ''])
  const unusable = (reason: string, text: string) => [
    'unusable',
    reason,
    ...none,
    '',
    ...guaranteed.columns.map(() => ''),
    text,
  ]
  const found = (answer: AnswerRow): readonly (string | number)[] => {
    if ('reject' in answer) {
      // A raw row is not a text. As one, it would be coded when the answers are read back.
      return unusable(answer.reject.reason, '')
    }
    const { prediction } = answer
    if (prediction.status === 'unusable') return unusable(prediction.reason, prediction.text)
    const codes = levels.flatMap((level) => {
      const code = prediction.codes[level]
      return code === undefined ? ['', '', ''] : [code.code, code.name, share(code.confidence)]
    })
    const reason = prediction.truncated ? 'truncated' : ''
    return [
      prediction.status,
      reason,
      ...codes,
      withConfidences(prediction.top),
      ...guaranteed.cells(prediction),
      prediction.text,
    ]
  }
  return {
    columns: [...own, ...passed],
    cells: (answer) => [
      answer.id ?? '',
      answer.line ?? '',
      ...found(answer),
      ...others.map((name) => answer.others?.[name] ?? ''),
    ],
  }
}
