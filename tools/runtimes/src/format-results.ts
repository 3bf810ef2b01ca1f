import { defined } from '@kic/core'
import type { RuntimeResult } from './check-runtimes.ts'

/** The results as a table for people. */
export const formatResults = (results: readonly RuntimeResult[]): string => {
  const head = ['runtime', 'weights', 'texts', 'accuracy', 'other labels', 'largest score difference', '']
  const rows = results.map(({ runtime, weights, texts, accuracy, otherLabels, largestScore, pass }) => [
    runtime,
    weights,
    `${texts}`,
    `${(100 * accuracy).toFixed(2)} %`,
    `${otherLabels}`,
    largestScore.toExponential(1),
    pass ? 'ok' : 'FAILED',
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  return [head, ...rows]
    .map((row) => row.map((cell, i) => cell.padEnd(defined(widths[i]))).join('  '))
    .join('\n')
}
