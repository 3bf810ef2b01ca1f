/**
 * Class number of each label, int32 [N]; -1 for an unknown or missing label.
 *
 * @param classes names of the classes, in class order
 */
export const classNumbers = (
  classes: readonly string[],
  labels: readonly (string | undefined)[],
): Int32Array => {
  const numbers = new Map<string | undefined, number>(classes.map((name, number) => [name, number]))
  return Int32Array.from(labels, (label) => numbers.get(label) ?? -1)
}
