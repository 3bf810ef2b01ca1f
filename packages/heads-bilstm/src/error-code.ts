/** The codes of this package's errors. */
export type HeadsBilstmErrorCode = 'heads-bilstm/layers' | 'heads-bilstm/padding'
