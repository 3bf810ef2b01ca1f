import { KicError } from '@kic/core'

/**
 * Class weights by name as numbers in the order of the classes; 1 for those that are not named.
 *
 * @throws KicError `classifier/class-weights` for a name that no class has
 */
export const namedClassWeights = (
  weights: Readonly<Record<string, number>>,
  classes: readonly string[],
): Float32Array => {
  const stray = Object.keys(weights).find((name) => !classes.includes(name))
  if (stray !== undefined) {
    throw new KicError(
      'classifier/class-weights',
      `trainClassifier: classWeights must name classes, received '${stray}'. The classes are ${classes.slice(0, 5).join(', ')}${
        classes.length > 5 ? ', …' : ''
      }.`,
    )
  }
  return Float32Array.from(classes, (name) => weights[name] ?? 1)
}
