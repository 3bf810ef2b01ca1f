export { type BilstmHeadOptions, bilstmHead } from './bilstm-head.ts'
