import { classifierError } from '../classifier-error.ts'

/**
 * Named class weights in class order; the default weight is 1.
 *
 * @throws KicError `classifier/class-weights` for an unknown class, and if all weights are 0
 */
export const namedClassWeights = (
  weights: Readonly<Record<string, number>>,
  classes: readonly string[],
): Float32Array => {
  // A class may have the name of a property that every object has, such as constructor.
  const given = new Map(Object.entries(weights))
  const known = new Set(classes)
  const stray = [...given.keys()].find((name) => !known.has(name))
  if (stray !== undefined) {
    throw classifierError(
      'classifier/class-weights',
      `trainClassifier: classWeights must name classes, received '${stray}'. The classes are ${classes.slice(0, 5).join(', ')}${
        classes.length > 5 ? ', …' : ''
      }.`,
    )
  }
  const found = Float32Array.from(classes, (name) => given.get(name) ?? 1)
  if (found.some((weight) => weight > 0)) return found
  throw classifierError(
    'classifier/class-weights',
    `trainClassifier: classWeights must leave a class above 0, received 0 for all ${classes.length}. Raise one.`,
  )
}
