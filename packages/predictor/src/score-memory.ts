/** The scores of texts that came lately: answers of a survey repeat, far apart too. */
export interface ScoreMemory {
  /** Copies the scores of a text to `target` from `at` on; false where the text is not remembered. */
  recall(text: string, target: Float32Array, at: number): boolean
  remember(text: string, scores: Float32Array): void
}

/**
 * Remembers the scores of the last `capacity` different texts, in one array that is as large from the first on.
 *
 * @param classes scores a text
 */
export const createScoreMemory = (capacity: number, classes: number): ScoreMemory => {
  const places = new Map<string, number>()
  const texts: string[] = []
  let all = new Float32Array(0)
  let next = 0
  return {
    recall: (text, target, at) => {
      const place = places.get(text)
      if (place === undefined) return false
      target.set(all.subarray(place * classes, (place + 1) * classes), at)
      return true
    },
    remember: (text, scores) => {
      if (places.has(text)) return
      if (all.length === 0) all = new Float32Array(capacity * classes)
      const forgotten = texts[next]
      if (forgotten !== undefined) places.delete(forgotten)
      texts[next] = text
      places.set(text, next)
      all.set(scores, next * classes)
      next = (next + 1) % capacity
    },
  }
}
