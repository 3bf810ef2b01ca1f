/** The codes of this package's errors. */
export type ServerErrorCode =
  | 'server/api-keys'
  | 'server/listen'
  | 'server/model-stopped'
  | 'server/no-parent'
  | 'server/option'
  | 'server/process-ended'
  | 'server/stopped'
