import { type Exception, type Finding, withoutExceptions } from './finding.ts'
import type { Repository } from './repository.ts'
import type { Rule } from './rules.ts'

/** What a rule found. */
export interface Verdict {
  readonly rule: Rule
  readonly findings: readonly Finding[]
  readonly passed: boolean
}

/** Holds the repository to rules, exceptions aside. */
export const judge = (
  repository: Repository,
  rules: readonly Rule[],
  exceptions: readonly Exception[],
): readonly Verdict[] =>
  rules.map((rule) => {
    const findings = withoutExceptions(rule.name, rule.check(repository), exceptions)
    return { rule, findings, passed: findings.length === 0 }
  })

/** A line for a rule, and one for each place that breaks it. */
export const formatVerdict = ({ rule, findings, passed }: Verdict): string => {
  const lines = findings.map(({ at, message }) => `${at} ${message}`)
  return [
    `${passed ? 'ok    ' : 'FAILED'} ${rule.name}: ${rule.about}`,
    ...lines.map((line) => `         ${line}`),
  ].join('\n')
}
