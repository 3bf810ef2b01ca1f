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
    return { rule, findings, passed: rule.reportOnly === true || findings.length === 0 }
  })

/** A line for a rule, and one for each place that breaks it; findings that fail nothing are counted by package. */
export const formatVerdict = ({ rule, findings, passed }: Verdict, inFull: boolean): string => {
  const word = findings.length === 0 ? 'ok    ' : passed ? 'report' : 'FAILED'
  const lines = passed && !inFull ? counts(findings) : findings.map(({ at, message }) => `${at} ${message}`)
  return [`${word} ${rule.name}: ${rule.about}`, ...lines.map((line) => `         ${line}`)].join('\n')
}

const counts = (findings: readonly Finding[]): readonly string[] => {
  const byPackage = new Map<string, number>()
  for (const { at } of findings) {
    const name = at.split('/').slice(0, 2).join('/')
    byPackage.set(name, (byPackage.get(name) ?? 0) + 1)
  }
  return [...byPackage].map(([name, count]) => `${name}: ${count} ${count === 1 ? 'place' : 'places'}`)
}
