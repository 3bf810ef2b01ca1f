import type { CallSignal } from '../answers/call-signal.ts'

interface Waiting {
  readonly acts: Set<() => void>
  readonly all: () => void
}

const waiting = new WeakMap<CallSignal, Waiting>()

/**
 * Calls `act` when a signal aborts. All calls for one signal share a listener: the members of an ensemble wait for the same
 * signal, and Node.js warns of a leak from the eleventh listener on.
 *
 * @returns ends the waiting
 */
export const onAbort = (signal: CallSignal, act: () => void): (() => void) => {
  const { acts, all } = waiting.get(signal) ?? listened(signal)
  acts.add(act)
  return () => {
    if (!acts.delete(act) || acts.size > 0) return
    signal.removeEventListener('abort', all)
    waiting.delete(signal)
  }
}

const listened = (signal: CallSignal): Waiting => {
  const acts = new Set<() => void>()
  const all = (): void => {
    for (const act of acts) act()
  }
  signal.addEventListener('abort', all)
  const one = { acts, all }
  waiting.set(signal, one)
  return one
}
