import type { CallSignal } from '../answers/call-signal.ts'
import { turnIfDue } from './shared-turns.ts'

/**
 * `items.map(of)` that lets timers, aborts and other calls run in between where it takes long.
 *
 * @throws the signal's reason
 */
export const mapInTurns = async <Item, Result>(
  items: readonly Item[],
  of: (item: Item, index: number) => Result,
  signal: CallSignal | undefined,
): Promise<Result[]> => {
  const found: Result[] = []
  for (const [index, item] of items.entries()) {
    const turn = turnIfDue()
    if (turn !== undefined) {
      await turn
      signal?.throwIfAborted()
    }
    found.push(of(item, index))
  }
  return found
}
