/** The codes of this package's errors. */
export type CoreErrorCode = 'core/missing-value' | 'core/write-failed'
