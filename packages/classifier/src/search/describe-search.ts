import { textTable } from '@kic/core'
import type { SearchResult } from './trial.ts'

/** A search as a table: each trial's values, how long it was trained, and its score; the best first. */
export const describeSearch = ({ metric, trials }: SearchResult): string => {
  const keys = Object.keys(trials[0]?.values ?? {})
  const rows = trials.map(({ number, values, scores }) => {
    const last = scores.at(-1)
    return [
      String(number + 1),
      ...keys.map((key) => String(values[key])),
      String(last?.epochs ?? 0),
      last?.score?.toFixed(4) ?? 'failed',
    ]
  })
  return textTable([['trial', ...keys, 'epochs', metric], ...rows])
}
