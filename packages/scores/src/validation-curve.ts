import { KicError } from '@kic/core'

/**
 * What a model did on validation rows, by threshold of its confidence: plain counts, so that shares, accuracies and their
 * uncertainty can be computed later. It travels in the model's folder.
 */
export interface ValidationCurve {
  /** Validation rows, those included that no code was guessed for. */
  readonly rows: number
  /** Ascending, from 0. */
  readonly thresholds: readonly number[]
  /** For each threshold: rows with at least that confidence. */
  readonly automatic: readonly number[]
  /** By level name, for each threshold: those of the automatic rows whose code is right. */
  readonly correct: Readonly<Record<string, readonly number[]>>
  /**
   * By level name, for each threshold: those of the automatic rows whose code is known there. A level that is absent was
   * labelled on all rows.
   */
  readonly labelled?: Readonly<Record<string, readonly number[]>> | undefined
}

/** One validation row. */
export interface JudgedRow {
  /** Of the finest level, in [0, 1]; `undefined` where the text was unusable. */
  readonly confidence: number | undefined
  /** By level name: whether the code is right; `undefined` or absent where the row has no label. */
  readonly correct: Readonly<Record<string, boolean | undefined>>
}

/** What to expect of texts like the validation rows when those below a threshold go to a person. */
export interface Expectation {
  readonly reviewBelow: number
  /** Share of all texts that is coded without a person, in [0, 1]. */
  readonly automatic: number
  /** Validation rows behind the accuracies. */
  readonly rows: number
  /** Accuracy of the automatically coded, by level name; absent where none of them has a label. */
  readonly accuracy: Readonly<Record<string, LevelExpectation>>
}

export interface LevelExpectation {
  readonly accuracy: number
  /** Rows with a label at this level, which the accuracy is about. */
  readonly rows: number
  /** 95 % interval of the accuracy: that many rows tell no more. */
  readonly low: number
  readonly high: number
}

const THRESHOLDS = Array.from({ length: 101 }, (_, i) => i / 100)

/** The curve of some judged rows, at thresholds 0, 0.01, … 1. */
export const validationCurve = (levels: readonly string[], rows: readonly JudgedRow[]): ValidationCurve => {
  const coded = rows.filter((row) => row.confidence !== undefined)
  const reaching = (threshold: number): readonly JudgedRow[] =>
    coded.filter(({ confidence = -1 }) => confidence >= threshold)
  const sets = THRESHOLDS.map(reaching)
  const counts = (level: string, counted: (correct: boolean | undefined) => boolean): readonly number[] =>
    sets.map((set) => set.filter(({ correct }) => counted(correct[level])).length)
  const partly = levels.filter((level) => coded.some(({ correct }) => correct[level] === undefined))
  return {
    rows: rows.length,
    thresholds: THRESHOLDS,
    automatic: sets.map((set) => set.length),
    correct: Object.fromEntries(levels.map((level) => [level, counts(level, (right) => right === true)])),
    ...(partly.length === 0
      ? {}
      : {
          labelled: Object.fromEntries(
            partly.map((level) => [level, counts(level, (right) => right !== undefined)]),
          ),
        }),
  }
}

/** Automatic rows with a label at a level, at the threshold of a position. */
const labelledAt = ({ automatic, labelled }: ValidationCurve, level: string, at: number): number =>
  (labelled?.[level] ?? automatic)[at] ?? 0

/**
 * Share coded automatically and accuracy to expect when texts below `reviewBelow` are reviewed: the curve's point at the
 * largest threshold that is not above it.
 *
 * @throws KicError `predictor/threshold` outside of 0 to 1.
 */
export const expectationAt = (curve: ValidationCurve, reviewBelow: number): Expectation => {
  checkThreshold('expectationAt', reviewBelow)
  const at = curve.thresholds.findLastIndex((threshold) => threshold <= reviewBelow + 1e-9)
  const automatic = curve.automatic[at] ?? 0
  const accuracies = Object.entries(curve.correct).flatMap(([level, correct]) => {
    const rows = labelledAt(curve, level, at)
    return rows === 0 ? [] : [[level, wilson(correct[at] ?? 0, rows)] as const]
  })
  return {
    reviewBelow,
    automatic: curve.rows === 0 ? 0 : automatic / curve.rows,
    rows: automatic,
    accuracy: Object.fromEntries(accuracies),
  }
}

/**
 * The lowest threshold from which on every part of the curve with at least 30 labelled rows reaches `accuracy` at `level`;
 * `undefined` where none does.
 */
export const thresholdFor = (curve: ValidationCurve, level: string, accuracy: number): number | undefined => {
  let found: number | undefined
  for (let i = curve.thresholds.length - 1; i >= 0; i--) {
    const rows = labelledAt(curve, level, i)
    if (rows < 30) continue
    if ((curve.correct[level]?.[i] ?? 0) / rows < accuracy) break
    found = curve.thresholds[i]
  }
  return found
}

/** @throws KicError `predictor/threshold` */
export const checkThreshold = (caller: string, reviewBelow: number): void => {
  if (reviewBelow >= 0 && reviewBelow <= 1) return
  throw new KicError(
    'predictor/threshold',
    `${caller}: reviewBelow must lie between 0 and 1, received ${reviewBelow}`,
  )
}

/** A proportion with its 95 % score interval: Wilson 1927, J. Am. Stat. Assoc. 22. */
const wilson = (hits: number, rows: number): LevelExpectation => {
  const z = 1.959964
  const p = hits / rows
  const scale = 1 + (z * z) / rows
  const middle = (p + (z * z) / (2 * rows)) / scale
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / rows + (z * z) / (4 * rows * rows))
  return { accuracy: p, rows, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
