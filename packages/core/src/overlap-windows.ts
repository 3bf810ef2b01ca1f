import { windowsBefore } from './in-windows.ts'

/**
 * Results of `work` on windows of `size` items, in order. The next window starts before a result is returned, so the
 * caller's work on a result overlaps with the waiting; at most two windows run at a time. If the items end in an error,
 * the results of the items before it come first.
 *
 * @throws errors of the work and of the items
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
    // Its error is thrown in its turn.
    next.catch(() => undefined)
    if (before !== undefined) yield await before
    before = next
  }
  if (before !== undefined) yield await before
  if (failure !== undefined) throw failure.error
}
