/**
 * Items in windows of `size`; the last one may be shorter. If the items end in an error, those before it come first.
 *
 * @throws errors of the items
 */
export async function* inWindows<T>(
  items: Iterable<T> | AsyncIterable<T>,
  size: number,
): AsyncGenerator<readonly T[]> {
  let failure: { readonly error: unknown } | undefined
  yield* windowsBefore(items, size, (error) => {
    failure = { error }
  })
  if (failure !== undefined) throw failure.error
}

/** The same, but an error of the items is passed to `fail` and ends the windows. */
export async function* windowsBefore<T>(
  items: Iterable<T> | AsyncIterable<T>,
  size: number,
  fail: (error: unknown) => void,
): AsyncGenerator<readonly T[]> {
  let window: T[] = []
  try {
    for await (const item of items) {
      window.push(item)
      if (window.length < size) continue
      yield window
      window = []
    }
  } catch (error) {
    fail(error)
  }
  if (window.length > 0) yield window
}
