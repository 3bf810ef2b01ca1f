/** How fast stages of a kind are on this machine. */
export interface Speed {
  /** Seconds before the first example: compiling, reading. */
  readonly start: number
  /** Seconds per example. */
  readonly perExample: number
}

/** What a stage spends its time on. */
export interface Effort {
  /** Stages of one kind have one speed: `classify large bilstm`. */
  readonly kind: string
  /** Examples that it learns from, as often as it does; others in proportion to what they cost. */
  readonly examples: number
  /** Measures the speed of the kind in a few seconds; undefined where that cannot be known yet. */
  readonly measure: () => Promise<Speed | undefined>
}
