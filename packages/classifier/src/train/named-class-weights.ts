import { classifierError } from '../classifier-error.ts'

/**
 * Named class weights in class order; the default weight is 1.
 *
 * @throws KicError `classifier/class-weights` for an unknown class
 */
export const namedClassWeights = (
  weights: Readonly<Record<string, number>>,
  classes: readonly string[],
): Float32Array => {
  const stray = Object.keys(weights).find((name) => !classes.includes(name))
  if (stray !== undefined) {
    throw classifierError(
      'classifier/class-weights',
      `trainClassifier: classWeights must name classes, received '${stray}'. The classes are ${classes.slice(0, 5).join(', ')}${
        classes.length > 5 ? ', …' : ''
      }.`,
    )
  }
  return Float32Array.from(classes, (name) => weights[name] ?? 1)
}
