/** Where that which was computed of a text will be. */
export interface Place<T> {
  readonly computed: Promise<readonly T[]>
  /** Its number there. */
  readonly at: number
}

/**
 * The texts that came lately, with what is computed of them: answers of a survey repeat, far apart too. A text is known from
 * the moment on that it is computed, so that what is computed together follows from the texts and their order alone, not
 * from how quickly earlier ones are done.
 */
export interface TextMemory<T> {
  find(text: string): Place<T> | undefined
  remember(text: string, place: Place<T>): void
}

/** Remembers the last `capacity` different texts. */
export const createTextMemory = <T>(capacity: number): TextMemory<T> => {
  /** In the order in which they came. */
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
 * What `compute` finds of texts, in their order; each different text is given to it once, and those remembered are not.
 *
 * @throws whatever `compute` throws
 */
export const eachOnce = async <T>(
  texts: readonly string[],
  memory: TextMemory<T> | undefined,
  compute: (texts: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> => {
  const places = new Map(texts.map((text) => [text, memory?.find(text)]))
  const missing = [...places.keys()].filter((text) => places.get(text) === undefined)
  const computed = compute(missing)
  // Nobody waits for it where earlier texts fail first.
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
    if (value === undefined) throw new Error('something is computed of every text')
    found.push(value)
  }
  return found
}
