import type { Labels } from '@kic/classification'
import { headerKey, withoutInvisible } from './header-name.ts'
import type { FoundLabels } from './label-problem.ts'
import type { Layout } from './layout.ts'
import { excerptOf } from './reject.ts'

/** What a single label is called if no classification names its level. */
const LABEL = 'label'

/** Label objects that are remembered: more than any set of labels has. */
const MOST_KNOWN = 10_000

/**
 * A reader of labels without a classification: the content of a column of labels or codes is the label, as it
 * is written. Columns of levels, such as `digit_1`, give a label each, called as the column is.
 */
export const plainLabelReader = ({
  columns,
  header,
  completeLabels = false,
}: Layout): ((cells: readonly string[]) => FoundLabels) => {
  const own = columns
    .flatMap((column, position) => {
      if (column.holds === 'code') return [{ position, depth: 0, name: LABEL }]
      if (column.holds !== 'label') return []
      const { depth } = column
      return [{ position, depth, name: headerKey(header?.[position] ?? `level${depth + 1}`) }]
    })
    .toSorted((a, b) => a.depth - b.depth)
  const known = new Map<string, Labels>()
  return (cells) => {
    const written = own.map(({ position, name }) => [name, withoutInvisible(cells[position] ?? '').trim()])
    const count = written.findLastIndex(([, label]) => label !== '') + 1
    if (count === 0) return { labels: undefined }
    const given = written.slice(0, count)
    if (given.some(([, label]) => label === '') || (completeLabels && count < written.length))
      return {
        reason: 'incomplete-labels',
        message:
          `a row must have labels ${completeLabels ? 'at every level' : 'from the coarsest level down to its own'}, or none, ` +
          `received ${written.map(([name, label = '']) => `${name} '${excerptOf(label)}'`).join(', ')}. Complete them.`,
      }
    const key = given.map(([, label]) => label).join('\n')
    const labels = known.get(key) ?? Object.freeze(Object.fromEntries(given))
    if (known.size < MOST_KNOWN) known.set(key, labels)
    return { labels }
  }
}
