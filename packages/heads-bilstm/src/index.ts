export { type BilstmHeadOptions, bilstmHead } from './bilstm-head.ts'
export type { HeadsBilstmErrorCode } from './error-code.ts'
