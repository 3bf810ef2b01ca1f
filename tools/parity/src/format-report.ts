import { defined } from '@kic/core'
import type { ParityResult } from './run-parity.ts'

/** A table of all results and, below it, every tensor that is off and every case that is not covered. */
export const formatReport = (results: readonly ParityResult[], uncovered: readonly string[]): string => {
  const rows = [
    ['case', 'engine', 'tensors', 'worst error / tolerance', 'result'],
    ...results.map((result) => [
      result.case,
      result.engine,
      String(result.tensors),
      formatRatio(result.worstRatio),
      result.pass ? 'pass' : 'FAIL',
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(defined(widths[column])))
      .join('  ')
      .trimEnd(),
  )
  const faults = results.flatMap((result) => {
    const where = `${result.case} on ${result.engine}`
    const error = result.error === undefined ? [] : [`${where}: ${result.error}`]
    const off = result.failures.map(
      ({ tensor, ratio, worst }) => `${where}: ${tensor}: ${worst} (${formatRatio(ratio)} of the tolerance)`,
    )
    return [...error, ...off]
  })
  const missing = uncovered.map((name) => `${name}: not yet covered`)
  return [results.length > 0 ? table : [], missing, faults]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

const formatRatio = (ratio: number): string => (ratio >= 100 ? ratio.toExponential(1) : ratio.toFixed(3))
