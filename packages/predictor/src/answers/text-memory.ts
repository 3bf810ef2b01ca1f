/** The place of a text's result. */
export interface Place<T> {
  readonly computed: Promise<readonly T[]>
  /** Its index in there. */
  readonly at: number
}

/**
 * Recent texts with their results, whether finished or still being computed: answers of a survey repeat, even far apart.
 * A text is known from the start of its computation, so batches depend on the texts and their order alone, not on the
 * speed of earlier ones.
 */
export interface TextMemory<T> {
  find(text: string): Place<T> | undefined
  remember(text: string, place: Place<T>): void
}

/** Stores the last `capacity` distinct texts. */
export const createTextMemory = <T>(capacity: number): TextMemory<T> => {
  /** In order of arrival. */
  const known = new Map<string, Place<T>>()
  return {
    find: (text) => known.get(text),
    remember: (text, place) => {
      known.set(text, place)
      if (known.size <= capacity) return
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    },
  }
}

/**
 * The results of `compute`, one per text, in order. It receives each distinct text once, and none that `memory` has.
 *
 * @throws whatever `compute` throws
 */
export const eachOnce = async <T>(
  texts: readonly string[],
  memory: TextMemory<T> | undefined,
  compute: (texts: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> => {
  // Nothing repeats.
  if (texts.length === 1 && memory === undefined) return [...(await compute(texts))]
  const places = new Map(texts.map((text) => [text, memory?.find(text)]))
  const missing = [...places.keys()].filter((text) => places.get(text) === undefined)
  const computed = compute(missing)
  // Nothing awaits it if an earlier computation fails first.
  computed.catch(() => undefined)
  for (const [at, text] of missing.entries()) {
    const place = { computed, at }
    places.set(text, place)
    memory?.remember(text, place)
  }
  const results = new Map([[computed, await computed]])
  const found: T[] = []
  for (const text of texts) {
    const place = places.get(text)
    if (place === undefined) throw new Error('every text has a place')
    const values = results.get(place.computed) ?? (await place.computed)
    results.set(place.computed, values)
    const value = values[place.at]
    if (value === undefined) throw new Error('every text has a result')
    found.push(value)
  }
  return found
}
