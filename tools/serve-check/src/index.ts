export { processTree } from './process-tree.ts'
export { type KicCommand, kicOfSources, type StartedServer, startKicServe } from './started-server.ts'
