import type { AnswerRow } from './answer-row.ts'

/** Answers as rows of cells, whatever they are written as. */
export interface AnswerTable {
  readonly columns: readonly string[]
  /** As many cells as columns; numbers where a column counts or measures. */
  cells(answer: AnswerRow): readonly (string | number)[]
}

const share = (value: number): number => Number(value.toFixed(4))

/** A name that is not taken yet: `status`, `status (input)`, `status (input 2)`, … */
const freeName = (name: string, taken: ReadonlySet<string>): string => {
  let free = name
  for (let n = 1; taken.has(free); n++) free = `${name} (input${n === 1 ? '' : ` ${n}`})`
  return free
}

/**
 * The columns of `kic predict` and the cells of each answer: one row for each row of the input, whatever came of it.
 *
 * @param others names of the input's columns that are passed through; where an answer has a column of that name, theirs is
 *   called `name (input)`
 */
export const answerTable = (levels: readonly string[], others: readonly string[] = []): AnswerTable => {
  const own = [
    'id',
    'line',
    'status',
    'reason',
    ...levels.flatMap((level) => [level, `${level}_name`, `${level}_confidence`]),
    'alternatives',
    'text',
  ]
  const taken = new Set(own)
  const passed = others.map((name) => {
    const free = freeName(name, taken)
    taken.add(free)
    return free
  })
  const none = levels.flatMap(() => ['', '', ''])
  const unusable = (reason: string, text: string) => ['unusable', reason, ...none, '', text]
  const found = (answer: AnswerRow): readonly (string | number)[] => {
    if ('reject' in answer) {
      // A raw row is no text: it would be taken for one, and coded, where the answers are read back.
      return unusable(answer.reject.reason, '')
    }
    const { prediction } = answer
    if (prediction.status === 'unusable') return unusable(prediction.reason, prediction.text)
    const codes = levels.flatMap((level) => {
      const code = prediction.codes[level]
      return code === undefined ? ['', '', ''] : [code.code, code.name, share(code.confidence)]
    })
    const alternatives = prediction.top.map(({ code, confidence }) => `${code}:${confidence.toFixed(4)}`)
    const reason = prediction.truncated ? 'truncated' : ''
    return [prediction.status, reason, ...codes, alternatives.join(' '), prediction.text]
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
