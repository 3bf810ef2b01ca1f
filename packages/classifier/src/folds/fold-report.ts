import { ancestorLevels } from '@kic/classification'
import { argMaxRows } from '@kic/scores'
import { type ClassReport, type Confusion, type LevelScores, scoreNames } from '../report/score-level.ts'
import type { LearnedLevel, TaskRow } from '../rows/task-rows.ts'

/** Scores of rows that were judged by a model that did not learn from them. */
export interface OutOfFoldScores {
  readonly rows: number
  /** By level name, coarsest first. */
  readonly levels: Readonly<Record<string, LevelScores>>
  readonly classes: readonly ClassReport[]
  readonly confusions: readonly Confusion[]
}

/**
 * Scores at the learned level and all above it; the levels above follow from the most probable class.
 *
 * @param classes codes of the columns
 * @param probabilities [N, C]
 */
export const outOfFoldScores = (
  rows: readonly TaskRow[],
  { classification, level }: LearnedLevel,
  classes: readonly string[],
  probabilities: Float32Array,
): OutOfFoldScores => {
  const found = argMaxRows(probabilities, classes.length)
  const levels = ancestorLevels(classification, { level, codes: classes }).flatMap(
    ({ name, labels, ofClass }) => {
      const judged = rows.flatMap((row, i) => {
        const actual = row.labels[name]
        return actual === undefined ? [] : [{ actual, predicted: labels[ofClass[found[i] ?? -1] ?? -1] }]
      })
      if (judged.length === 0) return []
      const scored = scoreNames(
        judged.map(({ actual }) => actual),
        judged.map(({ predicted }) => predicted),
      )
      return [[name, scored] as const]
    },
  )
  const own = levels.at(-1)?.[1]
  return {
    rows: rows.length,
    levels: Object.fromEntries(levels.map(([name, { scores }]) => [name, scores])),
    classes: own?.classes ?? [],
    confusions: own?.confusions ?? [],
  }
}
