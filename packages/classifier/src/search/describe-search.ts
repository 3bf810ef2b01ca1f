import { textTable } from '@kic/core'
import type { SearchResult } from './trial.ts'

/** A search as a table, best trial first: values, epochs and score; below it the errors of failed trials. */
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
  const failures = trials.flatMap(({ number, scores }) => {
    const failure = scores.at(-1)?.failure
    return failure === undefined ? [] : [`trial ${number + 1} failed: ${failure}\n`]
  })
  return textTable([['trial', ...keys, 'epochs', metric], ...rows]) + failures.join('')
}
