import type { Contributions } from '@kic/ngram'

/** A coded text that is similar to another. */
export interface SimilarText {
  readonly text: string
  readonly code: string
  /** The cosine of the texts' n-grams, above 0 and at most 1. */
  readonly similarity: number
}

/** Reasons that a model knows beyond its answers. */
export interface OwnReasons {
  /**
   * How much each character contributes to the scores of some classes, if scores are sums.
   *
   * @param text prepared
   * @param classes class numbers
   */
  readonly contributions?: ((text: string, classes: readonly number[]) => Contributions) | undefined
  /** The coded texts that are nearest to a prepared text, most similar first. `undefined` if the model has none. */
  readonly examples?:
    | ((text: string, count: number) => Promise<readonly SimilarText[] | undefined>)
    | undefined
}
