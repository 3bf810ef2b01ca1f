/** The place of a text's scores. */
export interface Remembered {
  /** The computation of these scores. */
  readonly scores: Promise<Float32Array>
  /** Its row. */
  readonly row: number
}

/**
 * Recent texts with their scores, whether finished or still being computed: answers of a survey repeat, even far apart.
 * A text is known from the start of its computation, so batches depend on the texts and their order alone, not on the
 * speed of earlier ones.
 */
export interface ScoreMemory {
  find(text: string): Remembered | undefined
  /** Stores texts whose scores come from one computation, row by row. They are removed if it fails. */
  remember(texts: readonly string[], scores: Promise<Float32Array>): void
}

/** Stores the last `capacity` distinct texts. */
export const createScoreMemory = (capacity: number): ScoreMemory => {
  /** In order of arrival. */
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
