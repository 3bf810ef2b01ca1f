/**
 * What a model did on validation rows, by threshold of its confidence: plain counts, so that shares, accuracies and their
 * uncertainty can be computed later. It is saved in the model's folder.
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
export const labelledAt = ({ automatic, labelled }: ValidationCurve, level: string, at: number): number =>
  (labelled?.[level] ?? automatic)[at] ?? 0
