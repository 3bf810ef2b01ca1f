/** Where the scores of a text will be found. */
export interface Remembered {
  /** The computation that they are part of. */
  readonly scores: Promise<Float32Array>
  /** Which of its rows. */
  readonly row: number
}

/**
 * The texts that came lately, with their scores, computed or still being computed: answers of a survey repeat, far apart
 * too. A text is known from the moment on that somebody computes it, so that what is computed together follows from the
 * texts and their order alone, not from how quickly earlier ones are done.
 */
export interface ScoreMemory {
  find(text: string): Remembered | undefined
  /** Remembers texts whose scores one computation gives, row by row; they are forgotten where it fails. */
  remember(texts: readonly string[], scores: Promise<Float32Array>): void
}

/** Remembers the last `capacity` different texts. */
export const createScoreMemory = (capacity: number): ScoreMemory => {
  /** In the order in which they came. */
  const known = new Map<string, Remembered>()
  return {
    find: (text) => known.get(text),
    remember: (texts, scores) => {
      for (const [row, text] of texts.entries()) {
        if (known.has(text)) continue
        if (known.size >= capacity) {
          const [oldest] = known.keys()
          if (oldest !== undefined) known.delete(oldest)
        }
        known.set(text, { scores, row })
      }
      scores.catch(() => {
        for (const text of texts) if (known.get(text)?.scores === scores) known.delete(text)
      })
    },
  }
}
