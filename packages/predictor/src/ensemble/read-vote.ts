import { type Classification, labelsOf, levelNames, nodeOf } from '@kic/classification'
import { defined } from '@kic/core'
import { topK } from '@kic/scores'
import type { LevelCode } from '../answers/level-code.ts'
import type { PredictOptions } from '../answers/predict-options.ts'
import type { CodedText } from '../answers/prediction.ts'

/** Answers of an ensemble instead of a single model. */
export interface Votes {
  /** The source of the codes' names and ancestors; a code that it lacks has neither. */
  readonly classification: Classification
  /** Coarsest first, with the codes of their classes by class number. */
  readonly levels: readonly { readonly name: string; readonly labels: readonly string[] }[]
  /** As returned by `vote` of `@kic/ensemble`. */
  readonly vote: {
    /** By level name: the class number of each row, and its probability. */
    readonly levels: Readonly<
      Record<string, { readonly classes: ArrayLike<number>; readonly confidence: ArrayLike<number> }>
    >
    /** Probabilities at the finest level, row by row: [N, C]. */
    readonly finest: { readonly data: Float32Array }
  }
}

/**
 * One row of a vote as a prediction.
 *
 * @param text the text of the row
 * @param options as in `predict`
 */
export const readVote = (
  { classification, levels, vote }: Votes,
  row: number,
  text: string,
  { topK: candidates = 3, reviewBelow = 0 }: Pick<PredictOptions, 'topK' | 'reviewBelow'> = {},
): CodedText => {
  const known = levelNames(classification)
  const nodeAt = (level: string, code: string) =>
    known.includes(level) ? nodeOf(classification, level, code) : undefined
  const described = (level: string, code: string, confidence: number): LevelCode => ({
    code,
    name: nodeAt(level, code)?.name ?? '',
    confidence,
  })
  const codes = Object.fromEntries(
    levels.map(({ name, labels }): [string, LevelCode] => {
      const { classes, confidence } = defined(vote.levels[name])
      return [name, described(name, defined(labels[defined(classes[row])]), defined(confidence[row]))]
    }),
  )
  const { name: own, labels } = defined(levels.at(-1))
  const probabilities = vote.finest.data.subarray(row * labels.length, (row + 1) * labels.length)
  const top = topK(probabilities, candidates).map((c) => {
    const found = described(own, defined(labels[c]), defined(probabilities[c]))
    const path = nodeAt(own, found.code) ? labelsOf(classification, own, found.code) : { [own]: found.code }
    return { ...found, labels: path }
  })
  const { confidence } = defined(codes[own])
  const status = confidence < reviewBelow ? 'review' : 'coded'
  return { status, text, codes, confidence, top, truncated: false }
}
