/**
 * Class weights that balance classes: `N / (C · count)`, as scikit-learn's `class_weight="balanced"`. C counts the classes
 * that occur; a class without rows has weight 0.
 *
 * @param labels class number of each row
 * @param classes C
 */
export const balancedClassWeights = (labels: ArrayLike<number>, classes: number): Float32Array => {
  const counts = new Uint32Array(classes)
  let rows = 0
  for (const label of Array.from(labels)) {
    if (!(label >= 0 && label < classes)) continue
    counts[label] = (counts[label] ?? 0) + 1
    rows++
  }
  const occurring = counts.filter((count) => count > 0).length
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : rows / (occurring * count)))
}
