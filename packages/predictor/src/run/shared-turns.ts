import { onNextTurn } from './on-next-turn.ts'

/** Milliseconds of work between two turns of the event loop. */
const SLICE = 20

/** Computations that wait for a turn of their own, first come, first served. */
const waiting: (() => void)[] = []

/** When the work of the present turn began; `undefined` if there was none. */
let began: number | undefined

const begin = (): void => {
  began = performance.now()
  onNextTurn(end)
}

const end = (): void => {
  began = undefined
  const next = waiting.shift()
  if (next === undefined) return
  begin()
  next()
}

/**
 * Called between pieces of synchronous work: `undefined` while the present turn of the event loop has time left. Otherwise
 * timers, aborts and I/O run first. All computations of the process share one turn: were there thirty with a slice each, the
 * event loop would wait for thirty slices. The work must follow at once: awaiting `undefined` would let others ask before it.
 */
export const turnIfDue = (): Promise<void> | undefined => {
  if (began === undefined) begin()
  else if (performance.now() - began >= SLICE) return new Promise((resolve) => waiting.push(resolve))
  return undefined
}
