/** The speed of a kind of stage on this machine. */
export interface Speed {
  /** Seconds before the first example, for compiling and reading. */
  readonly start: number
  /** Seconds per example. */
  readonly perExample: number
}

/** The work of a stage, for estimates. */
export interface Effort {
  /** Stages of one kind have the same speed: `classify large bilstm`. */
  readonly kind: string
  /** Number of training examples over all epochs. Other work counts in proportion to its cost. */
  readonly examples: number
  /** What else the plan tells of the stage, beside its time. */
  readonly note?: string | undefined
  /** Measures the speed of the kind in a few seconds; `undefined` if it is not known yet. */
  readonly measure: () => Promise<Speed | undefined>
}
