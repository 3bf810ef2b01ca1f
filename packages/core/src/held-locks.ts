import { readFileSync, rmSync } from 'node:fs'

/** Locks of this process: the contents of their files, by path. */
const held = new Map<string, string>()

/** Whether this process holds a lock. */
export const isHeld = (file: string): boolean => held.has(file)

/** Remembers a lock until it is released, and releases it if the process exits or a signal ends it. */
export const holdLock = (file: string, content: string): void => {
  if (held.size === 0) {
    process.on('exit', releaseAll)
    unhandled = SIGNALS.filter((signal) => process.listenerCount(signal) === 0)
    for (const signal of unhandled) process.on(signal, releaseAndEnd)
  }
  held.set(file, content)
}

/** Removes a lock. Synchronous, so that it works while the process exits. */
export const releaseLock = (file: string): void => {
  const content = held.get(file)
  held.delete(file)
  try {
    if (readFileSync(file, 'utf8') === content) rmSync(file)
  } catch {
    // Somebody removed it.
  }
  if (held.size > 0) return
  process.off('exit', releaseAll)
  for (const signal of unhandled) process.off(signal, releaseAndEnd)
}

const releaseAll = (): void => {
  for (const file of held.keys()) releaseLock(file)
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Signals that nothing else handles: Node.js ends the process at once. */
let unhandled: readonly NodeJS.Signals[] = []

const releaseAndEnd = (signal: NodeJS.Signals): void => {
  releaseAll()
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}
