/**
 * Items in windows of `size`, the last one shorter. Where the items end in an error, those before it are given first.
 *
 * @throws whatever the items throw
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

/** The same, but an error of the items is handed to `fail` and ends the windows. */
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
