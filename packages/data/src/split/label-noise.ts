import { defined, KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { type Fold, type FoldOptions, foldNumbers, type SplittableRow } from './split-rows.ts'

/** A row whose label is confidently contradicted by a model that never saw it. */
export interface NoisyLabel {
  /** Position of the row. */
  readonly row: number
  /** The class number of its label. */
  readonly given: number
  /** The class number that the model suggests. */
  readonly suggested: number
  /** The model's probability of the label. */
  readonly givenProbability: number
  /** The model's probability of the suggestion. */
  readonly suggestedProbability: number
}

/**
 * Probabilities of every row, row-major [N, C], from models that never saw it or an equal text: one model per fold.
 *
 * @param predict learns from `train` and returns the probabilities of `dev`, row-major
 * @throws KicError `data/bad-folds`, or `data/bad-probabilities` if `predict` returns a different number of
 * probabilities
 */
export const crossValidate = async <R extends SplittableRow>(
  rows: readonly R[],
  options: FoldOptions & { readonly classes: number },
  predict: (fold: Fold<R>, number: number) => Float32Array | Promise<Float32Array>,
): Promise<Float32Array> => {
  const numbers = foldNumbers(rows, options)
  const { classes } = options
  const all = new Float32Array(rows.length * classes) // [N, C]
  for (let fold = 0; fold < options.folds; fold++) {
    const positions = rows.map((_, row) => row).filter((row) => numbers[row] === fold)
    if (positions.length === 0) continue
    const dev = rows.filter((_, row) => numbers[row] === fold)
    const found = await predict({ train: rows.filter((_, row) => numbers[row] !== fold), dev }, fold)
    if (found.length !== dev.length * classes)
      throw new KicError<DataErrorCode>(
        'data/bad-probabilities',
        `crossValidate: predict must return ${dev.length * classes} probabilities for ${dev.length} rows of ${classes} classes, received ${found.length}. Return one row per text.`,
      )
    positions.forEach((row, i) => {
      all.set(found.subarray(i * classes, (i + 1) * classes), row * classes)
    })
  }
  return all
}

/**
 * Rows whose labels are probably wrong, most certain first. For each of them, a class other than its own is at least as
 * probable as that class is on average for its own rows (confident learning: Northcutt, Jiang & Chuang 2021,
 * arXiv:1911.00068, section 3.1; among several such classes, the most probable one counts).
 *
 * @param probabilities row-major [N, C], from models that never saw the row; see `crossValidate`
 * @param labels class numbers [N]; rows with numbers outside 0 to C - 1 are skipped
 * @throws KicError `data/bad-probabilities` for probabilities other than N × C numbers from 0 to 1
 */
export const findLabelNoise = (
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): NoisyLabel[] => {
  const rows = labels.length
  if (probabilities.length !== rows * classes || probabilities.some((p) => !(p >= 0 && p <= 1 + 1e-5)))
    throw new KicError<DataErrorCode>(
      'data/bad-probabilities',
      `findLabelNoise: ${rows} rows of ${classes} classes need ${rows * classes} probabilities from 0 to 1, received ${probabilities.length}. Check their shape and range.`,
    )
  const at = (row: number, name: number): number => defined(probabilities[row * classes + name])
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  const labelOf = (row: number): number => {
    const label = labels[row] ?? -1
    return Number.isInteger(label) && label >= 0 && label < classes ? label : -1
  }
  for (let row = 0; row < rows; row++) {
    const label = labelOf(row)
    if (label < 0) continue
    sums[label] = defined(sums[label]) + at(row, label)
    counts[label] = defined(counts[label]) + 1
  }
  // A class without rows has no average to reach.
  const thresholds = sums.map((sum, name) =>
    counts[name] === 0 ? Number.POSITIVE_INFINITY : sum / (counts[name] ?? 1),
  )
  const found: NoisyLabel[] = []
  for (let row = 0; row < rows; row++) {
    const given = labelOf(row)
    if (given < 0) continue
    let suggested = -1
    for (let name = 0; name < classes; name++)
      if (at(row, name) >= defined(thresholds[name]) && (suggested < 0 || at(row, name) > at(row, suggested)))
        suggested = name
    if (suggested < 0 || suggested === given) continue
    const [givenProbability, suggestedProbability] = [at(row, given), at(row, suggested)]
    found.push({ row, given, suggested, givenProbability, suggestedProbability })
  }
  const margin = (noisy: NoisyLabel): number => noisy.suggestedProbability - noisy.givenProbability
  return found.sort((a, b) => margin(b) - margin(a) || a.row - b.row)
}
