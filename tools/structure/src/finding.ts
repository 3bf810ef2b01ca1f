/** A place that breaks a rule. */
export interface Finding {
  /** What exceptions name, by rule: a file, two that import each other, `trainer -> roberta`, `trainer: zod`. */
  readonly at: string
  /** What is wrong there, and what to do. */
  readonly message: string
}

/** A place that may break a rule, and why. */
export interface Exception {
  readonly rule: string
  readonly at: string
  readonly reason: string
}

/**
 * The findings that no exception covers, and one for each exception that covers none: what was repaired leaves the list.
 */
export const withoutExceptions = (
  rule: string,
  findings: readonly Finding[],
  exceptions: readonly Exception[],
): readonly Finding[] => {
  const own = exceptions.filter((exception) => exception.rule === rule)
  const places = new Set(findings.map(({ at }) => at))
  const excepted = new Set(own.map(({ at }) => at))
  const stale = own
    .filter(({ at }) => !places.has(at))
    .map(({ at }) => ({ at, message: 'is no longer an exception. Delete it from exceptions.ts.' }))
  return [...findings.filter(({ at }) => !excepted.has(at)), ...stale]
}
