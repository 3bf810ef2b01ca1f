/** Which rules a bad row can break. */
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
  'unreadable-cell',
] as const

/** Which rule a bad row broke. As the code of a `KicError` it is preceded by `data/`. */
export type RejectReason = (typeof rejectReasons)[number]

/** A row that could not be read: delivered beside the good ones, never dropped. */
export interface Reject {
  /** Where it starts in its file, counted from 1, the header included. */
  readonly line: number
  /** The row's id, wherever it can be read; `<file name>:<line>` where the file has none. */
  readonly id?: string | undefined
  readonly reason: RejectReason
  /** The rule, what was found, and what to do, in one sentence. */
  readonly message: string
  /** The beginning of the raw row, control characters and undecodable bytes written as `\xNN`. */
  readonly excerpt: string
  /** The columns that are passed through, where the row could be cut into its cells. */
  readonly others?: Readonly<Record<string, string>> | undefined
}

const longest = 80

/** The beginning of a raw row, safe to print: control characters are written as `\xNN`. */
export const excerptOf = (raw: string): string => {
  const head = [...raw.slice(0, 2 * longest)].slice(0, longest).join('')
  const shown = head.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
    /[\u0000-\u001f\u007f-\u009f]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return head.length < raw.length ? `${shown}…` : shown
}
