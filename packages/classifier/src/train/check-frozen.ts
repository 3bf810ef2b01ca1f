import { allExcept, namePattern } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'

/**
 * Checks that every entry of a config's `frozen` freezes a parameter, and that some are left to train.
 *
 * @param names of the model's parameters
 * @throws KicError `classifier/frozen`
 */
export const checkFrozen = (frozen: readonly string[], names: readonly string[]): void => {
  const idle = frozen.find((entry) => names.every(allExcept(namePattern(entry))))
  if (idle !== undefined) {
    throw classifierError(
      'classifier/frozen',
      `trainClassifier: frozen must have parts of parameters' names, or patterns between slashes, received '${idle}', ` +
        `which no parameter has. The names are like ${names.slice(0, 3).join(', ')}, …, ${names.slice(-2).join(', ')}.`,
    )
  }
  if (names.some(allExcept(...frozen.map(namePattern)))) return
  throw classifierError(
    'classifier/frozen',
    `trainClassifier: frozen must leave parameters to train, received ${JSON.stringify(frozen)}, which freezes all ` +
      `${names.length}. Leave the head out of it.`,
  )
}
