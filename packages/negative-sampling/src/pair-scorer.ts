import { defined, KicError } from '@kic/core'
import type { Engine, PlacedParams } from '@kic/engine'
import { createPredictor } from '@kic/trainer'
import type { NegativeSamplingErrorCode } from './error-code.ts'
import { checkedNames } from './label-names.ts'
import { encodePairs, type PairEncoding } from './pair-batches.ts'
import type { PairClassifier } from './pair-classifier.ts'

export interface PairScorerOptions extends PairEncoding {
  readonly engine: Engine
  readonly model: PairClassifier
  /** Name of each class. */
  readonly names: readonly string[]
  /** Default 64. */
  readonly batchSize?: number | undefined
}

/** Scores texts and classes. Keeps its compiled programs until `dispose`. */
export interface PairScorer {
  /** Log-probability of each candidate for each text: [N, k]. */
  (params: PlacedParams, texts: readonly string[], candidates: Candidates): Promise<Float32Array>
  /** The same for every class: [N, C]. */
  all(params: PlacedParams, texts: readonly string[]): Promise<Float32Array>
  dispose(): void
}

/** Class numbers for each text, [N, k], row by row. */
export interface Candidates {
  readonly classes: ArrayLike<number>
  /** k. */
  readonly perText: number
}

/** Number of pairs that are encoded at once. */
const CHUNK = 32_768

/**
 * Scores pairs with a trained pair model.
 *
 * @throws KicError `negative-sampling/label-name`; the scorer throws `negative-sampling/candidates`
 */
export const pairScorer = (options: PairScorerOptions): PairScorer => {
  const { engine, model, tokenizer, batchSize = 64 } = options
  const names = checkedNames('pairScorer', options.names)
  const predict = createPredictor({
    engine,
    forward: model.logits,
    padTokenId: tokenizer.specialTokens.pad.id,
    batchSize,
  })
  const score = async (
    params: PlacedParams,
    texts: readonly string[],
    { classes, perText }: Candidates,
  ): Promise<Float32Array> => {
    checkCandidates(classes, perText, texts.length, names.length)
    const scores = new Float32Array(classes.length)
    for (let start = 0; start < classes.length; start += CHUNK) {
      const size = Math.min(CHUNK, classes.length - start)
      const labels = Int32Array.from({ length: size }, (_, i) => defined(classes[start + i]))
      const rows = Int32Array.from({ length: size }, (_, i) => Math.floor((start + i) / perText))
      const { logits } = await predict(params, encodePairs(texts, names, { rows, labels }, options))
      for (let i = 0; i < size; i++) {
        scores[start + i] = logSigmoid(defined(logits[2 * i + 1]) - defined(logits[2 * i]))
      }
    }
    return scores
  }
  const all = (params: PlacedParams, texts: readonly string[]): Promise<Float32Array> => {
    const perText = names.length
    const classes = Int32Array.from({ length: texts.length * perText }, (_, i) => i % perText)
    return score(params, texts, { classes, perText })
  }
  return Object.assign(score, { all, dispose: () => predict.dispose() })
}

const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))

const checkCandidates = (
  candidates: ArrayLike<number>,
  perText: number,
  texts: number,
  classes: number,
): void => {
  const refuse = (rule: string): never => {
    throw new KicError<NegativeSamplingErrorCode>('negative-sampling/candidates', `pairScorer: ${rule}`)
  }
  if (!Number.isInteger(perText) || perText < 1 || candidates.length !== texts * perText) {
    refuse(
      `${texts} texts with ${perText} candidates each need ${texts * perText} class numbers, received ${candidates.length}. Pass as many.`,
    )
  }
  for (let i = 0; i < candidates.length; i++) {
    const label = candidates[i]
    if (!(label !== undefined && Number.isInteger(label) && label >= 0 && label < classes)) {
      refuse(
        `candidates must be classes 0 to ${classes - 1} with ${classes} class names, received class ${label} at ${i}. Correct it.`,
      )
    }
  }
}
