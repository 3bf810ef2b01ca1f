import type { Labels } from '@kic/classification'
import type { JudgedRow } from '@kic/scores'
import type { Prediction } from '../answers/prediction.ts'

/** Whether a prediction is right at each level with a label; levels without a label are left out. */
export const judgeRow = (levels: readonly string[], prediction: Prediction, labels: Labels): JudgedRow => {
  if (prediction.status === 'unusable') return judgeCodes(levels, undefined, labels)
  const { codes, confidence } = prediction
  const found = Object.fromEntries(Object.entries(codes).map(([level, { code }]) => [level, code]))
  return judgeCodes(levels, { codes: found, confidence }, labels)
}

/** The same for codes by level; `undefined` for an unusable text. */
export const judgeCodes = (
  levels: readonly string[],
  found: { readonly codes: Labels; readonly confidence: number } | undefined,
  labels: Labels,
): JudgedRow => ({
  confidence: found?.confidence,
  correct: Object.fromEntries(
    levels.flatMap((level) => {
      const label = labels[level]
      return label === undefined ? [] : [[level, found?.codes[level] === label] as const]
    }),
  ),
})
