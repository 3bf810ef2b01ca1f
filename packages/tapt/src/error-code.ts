/** The codes of this package's errors. */
export type TaptErrorCode =
  | 'tapt/incomplete-checkpoint'
  | 'tapt/no-texts'
  | 'tapt/nothing-masked'
  | 'tapt/nothing-to-mask'
  | 'tapt/token'
  | 'tapt/vocabulary'
