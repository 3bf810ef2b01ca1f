/** The codes of this package's errors. */
export type CoreErrorCode =
  | 'core/bytes'
  | 'core/locked'
  | 'core/missing-value'
  | 'core/output'
  | 'core/write-failed'
