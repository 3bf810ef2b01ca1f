/** The rules that a bad row can break. */
export const rejectReasons = [
  'too-few-fields',
  'too-many-fields',
  'missing-id',
  'duplicate-id',
  'empty-text',
  'unknown-label',
  'incomplete-labels',
  'contradictory-labels',
  'undecodable',
  'line-too-long',
  'malformed-quotes',
  'malformed-json',
  'unreadable-cell',
] as const

/** The rule that a bad row broke. The code of a `KicError` adds the prefix `data/`. */
export type RejectReason = (typeof rejectReasons)[number]

/** An unreadable row: returned beside the good ones, never dropped. */
export interface Reject {
  /** Its first line in the file, counted from 1, including the header. */
  readonly line: number
  /** The row's id, if readable; `<file name>:<line>` if the file has no ids. */
  readonly id?: string | undefined
  readonly reason: RejectReason
  /** The rule, the value received, and the remedy, in one or two sentences with full stops. */
  readonly message: string
  /** The beginning of the raw row, with control characters and undecodable bytes as `\xNN`. */
  readonly excerpt: string
  /** The passed-through columns, if the row could be cut into cells. */
  readonly others?: Readonly<Record<string, string>> | undefined
}

const longest = 80

/** The beginning of a raw row, safe to print: control characters become `\xNN`. */
export const excerptOf = (raw: string): string => {
  const head = [...raw.slice(0, 2 * longest)].slice(0, longest).join('')
  const shown = head.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
    /[\u0000-\u001f\u007f-\u009f]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return head.length < raw.length ? `${shown}…` : shown
}
