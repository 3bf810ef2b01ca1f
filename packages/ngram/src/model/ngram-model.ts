import type { HostTensors } from '@kic/safetensors'
import type { Contributions } from '../contributions/contributions.ts'
import type { Neighbour } from '../neighbours/nearest-neighbours.ts'
import type { NgramSettings } from './ngram-settings.ts'

/** A classifier of character n-grams. */
export interface NgramModel {
  readonly settings: NgramSettings
  /** Everything that was learned: what a file of the model holds. */
  readonly tensors: HostTensors
  /** How many numbers the model has, zeros included. */
  readonly parameters: number
  /**
   * How well each class fits each text, [N, C], row by row, in the order of `settings.labels`: decision values of a support
   * vector machine, or logarithms of naive Bayes' probabilities or of neighbours' votes, each row less its largest.
   */
  scores(texts: readonly string[]): Float32Array
  /** Whether some n-gram of a text, other than a single space, occurred in training. */
  knows(text: string): boolean
  /** The label of the highest score for each text; of equal ones the first. */
  predict(texts: readonly string[]): string[]
  /**
   * The training texts nearest to a text: reasons for its label. Most similar first, of equal ones the first. Models of
   * kind `nearest` alone have them.
   *
   * @param count how many; by default as many as vote. Texts that share no n-gram with it are left out.
   */
  readonly neighbours?: ((text: string, count?: number) => Neighbour[]) | undefined
  /**
   * How much each character of a text contributes to the scores of some classes. Linear models and naive Bayes alone have
   * contributions: their scores are sums over n-grams, and the characters of an n-gram share its part.
   *
   * @param classes class numbers, [K]
   */
  readonly contributions?: ((text: string, classes: readonly number[]) => Contributions) | undefined
}
