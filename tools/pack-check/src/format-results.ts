import { defined } from '@kic/core'
import { CHECKS, type CheckResult, type PackageResult } from './check-package.ts'

/** A table with a line for each package, and below it the reasons of all failures. */
export const formatResults = (results: readonly PackageResult[]): string => {
  const header = ['package', ...CHECKS]
  const lines = results.map(({ name, checks }) => [name, ...CHECKS.map((check) => cell(checks[check]))])
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const table = [header, ...lines].map((line) =>
    line
      .map((text, column) => text.padEnd(defined(widths[column])))
      .join('  ')
      .trimEnd(),
  )
  const failures = results.flatMap(({ name, checks }) =>
    CHECKS.flatMap((check) => {
      const { outcome, reason } = checks[check]
      return outcome === 'failed' ? [`\n${name} ${check}: ${reason}`] : []
    }),
  )
  return [...table, ...failures].join('\n')
}

/** Whether no check failed, and each package's example ran. */
export const allPassed = (results: readonly PackageResult[]): boolean =>
  results.every(
    ({ checks }) =>
      CHECKS.every((check) => checks[check].outcome !== 'failed') &&
      checks.esm.outcome === 'passed' &&
      checks.cjs.outcome === 'passed',
  )

const cell = ({ outcome, milliseconds }: CheckResult): string => {
  if (outcome === 'not-run') return '-'
  return outcome === 'passed' ? `ok ${(milliseconds / 1000).toFixed(1)} s` : 'FAILED'
}
