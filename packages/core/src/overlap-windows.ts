import { windowsBefore } from './in-windows.ts'

/**
 * Results of `work` on windows of `size` items, in order. The next window is begun before one's result is given, so that
 * what is done with a result and what the work waits for overlap; no more than two are under way. Where the items end in
 * an error, what came before it is worked on and given first.
 *
 * @throws whatever the work or the items throw
 */
export async function* overlapWindows<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  size: number,
  work: (window: readonly T[]) => Promise<R>,
): AsyncGenerator<R> {
  let failure: { readonly error: unknown } | undefined
  const windows = windowsBefore(items, size, (error) => {
    failure = { error }
  })
  let before: Promise<R> | undefined
  for await (const window of windows) {
    const next = work(window)
    // Its error is told when its turn comes.
    next.catch(() => undefined)
    if (before !== undefined) yield await before
    before = next
  }
  if (before !== undefined) yield await before
  if (failure !== undefined) throw failure.error
}
