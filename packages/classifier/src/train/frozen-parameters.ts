import type { SequenceClassifier } from '@kic/roberta'
import { allExcept, namePattern } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'

/**
 * What a training leaves as it is: what a config's `frozen` names, and what the model itself freezes, such as the weights beside
 * adapters. Checks that every entry freezes a parameter, and that some are left to train.
 *
 * @returns whether the parameter of a name is frozen
 * @throws KicError `classifier/frozen`
 */
export const frozenParameters = (
  frozen: readonly string[],
  model: Pick<SequenceClassifier, 'parameters' | 'frozen'>,
): ((name: string) => boolean) => {
  const names = model.parameters.map(({ name }) => name)
  const idle = frozen.find((entry) => names.every(allExcept(namePattern(entry))))
  if (idle !== undefined) {
    throw classifierError(
      'classifier/frozen',
      `trainClassifier: frozen must have parts of parameters' names, or patterns between slashes, received '${idle}', ` +
        `which no parameter has. The names are like ${names.slice(0, 3).join(', ')}, …, ${names.slice(-2).join(', ')}.`,
    )
  }
  const isTrained = allExcept(...frozen.map(namePattern))
  const isFrozen = (name: string): boolean => !isTrained(name) || model.frozen?.(name) === true
  if (!names.every(isFrozen)) return isFrozen
  throw classifierError(
    'classifier/frozen',
    `trainClassifier: frozen must leave parameters to train, received ${JSON.stringify(frozen)}, which leaves none ` +
      `of ${names.length}. Leave the head out of it.`,
  )
}
