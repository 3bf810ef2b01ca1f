import type * as z from 'zod/mini'

/** Longer values are cut in messages. */
const LONGEST = 60

/** The fault in a file's JSON, as `key rule, received value`. */
export const wrongPart = ([issue]: readonly z.core.$ZodIssue[], json: unknown): string => {
  const path = issue?.path ?? []
  const shown = JSON.stringify(valueAt(json, path)) ?? 'nothing'
  const received = shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown
  return `${path.map(String).join('.') || 'the file'} must be ${ruleOf(issue)}, received ${received}`
}

const ruleOf = (issue: z.core.$ZodIssue | undefined): string => {
  switch (issue?.code) {
    case 'invalid_type':
      return `of type ${issue.expected}`
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ')
    case 'too_small':
      return `${issue.inclusive === true ? 'at least' : 'above'} ${issue.minimum}`
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'below'} ${issue.maximum}`
    case 'invalid_union':
      return issue.errors.flatMap(([first]) => (first === undefined ? [] : [ruleOf(first)])).join(' or ')
    default:
      return 'of another form'
  }
}

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    json,
  )
