export { EXIT, type Io, OutputClosed } from './io.ts'
export { run } from './run.ts'
