export type { CliErrorCode } from './error-code.ts'
export { EXIT, type Io, OutputClosed } from './io.ts'
export { run } from './run.ts'
