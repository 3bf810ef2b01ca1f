import { Worker } from 'node:worker_threads'

/** Computations block the main thread for minutes, so a thread of its own writes heartbeats. */
const THREAD = `
const { workerData } = require('node:worker_threads')
const { fdatasyncSync, writeSync } = require('node:fs')
let beat = 0
setInterval(() => {
  try {
    writeSync(workerData.descriptor, JSON.stringify({ ...workerData.content, beat: ++beat }), 0)
    fdatasyncSync(workerData.descriptor) // NFS clients write open files when they like
  } catch {
    // One missed beat: observers wait for several.
  }
}, workerData.milliseconds)
`

/**
 * Writes an ever changing text into an open file. It goes to the descriptor, not to the name, where another process's
 * file may be by now.
 *
 * @returns a function that stops it; only then may the descriptor be closed
 */
export const startHeartbeat = (
  descriptor: number,
  content: object,
  milliseconds: number,
): (() => Promise<void>) => {
  const thread = new Worker(THREAD, {
    eval: true,
    execArgv: [],
    workerData: { descriptor, content, milliseconds },
  })
  thread.unref()
  return async () => {
    await thread.terminate()
  }
}
