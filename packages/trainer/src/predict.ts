import { KicError } from '@kic/core'
import type { Context, Engine, PlacedParams, Tensor, Tensors } from '@kic/engine'
import { argMaxRows, softmaxRows } from '@kic/scores'
import { batchPlan } from './batches/batch-plan.ts'
import { checkTokenRows } from './batches/check-token-rows.ts'
import { tokenBatch } from './batches/token-batch.ts'
import { type TokenRows, tokenLengths } from './batches/token-rows.ts'
import type { TrainerErrorCode } from './error-code.ts'

export interface PredictorOptions {
  readonly engine: Engine
  /** Scores [B, C] of feeds in the form of `tokenBatch`. */
  readonly forward: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
  readonly padTokenId: number
  /** Default 64. */
  readonly batchSize?: number | undefined
  /** As in `batchPlan`. */
  readonly bucket?: number | undefined
}

/** Scores of rows, in the order of the rows. */
export interface Predictions {
  /** [N, C], row-major. */
  readonly logits: Float32Array
  /** C. */
  readonly classes: number
  /** Softmax of the logits, [N, C]. */
  probabilities(): Float32Array
  /** The class of the highest score, [N]. */
  labels(): Int32Array
}

/** Runs a model over rows. Keeps its compiled programs until it is disposed of. */
export interface Predictor {
  /**
   * @throws KicError `trainer/rows` for labels or token types that do not match the rows, `trainer/forward-shape`, and
   * from the engine `engine/out-of-range` for a token without an embedding
   */
  (params: PlacedParams, rows: TokenRows): Promise<Predictions>
  dispose(): void
}

/**
 * A function from parameters and rows to predictions. Rows are grouped by length, padded to few batch shapes, and
 * restored to their order.
 */
export const createPredictor = ({
  engine,
  forward,
  padTokenId,
  batchSize = 64,
  bucket,
}: PredictorOptions): Predictor => {
  const compiled = engine.compile((params, feeds, ctx) => ({ logits: forward(params, feeds, ctx) }))
  const predict = async (params: PlacedParams, rows: TokenRows): Promise<Predictions> => {
    checkTokenRows('predict', rows)
    // A prediction does not use labels and soft targets; without them there are fewer feeds.
    const { labels: _, softTargets: __, ...unlabelled } = rows
    const lengths = tokenLengths(rows)
    const plan = batchPlan({ lengths, batchSize, bucket, shuffle: false, seed: 0, epoch: 0 })
    let [logits, classes] = [new Float32Array(0), 0]
    for (const planned of plan) {
      const { feeds } = tokenBatch(unlabelled, planned, { padTokenId })
      const rowName = (row: number): string => String(planned.rows[row] ?? planned.rows[0])
      const scores = (await compiled(params, feeds, { caller: 'predict', rowName })).logits
      const [size, width] = scores?.shape ?? []
      if (scores?.shape.length !== 2 || size !== planned.size || width === undefined) {
        throw new KicError<TrainerErrorCode>(
          'trainer/forward-shape',
          `predict: forward must return [B, C], here [${planned.size}, C], received [${scores?.shape}]. Correct its shape.`,
        )
      }
      if (classes === 0) [logits, classes] = [new Float32Array(lengths.length * width), width]
      for (const [i, row] of planned.rows.entries()) {
        logits.set(Float32Array.from(scores.data.subarray(i * width, (i + 1) * width)), row * width)
      }
    }
    return {
      logits,
      classes,
      probabilities: () => softmaxRows(logits, classes),
      labels: () => argMaxRows(logits, classes),
    }
  }
  return Object.assign(predict, { dispose: () => compiled.dispose() })
}

/** One prediction with its own predictor. For several, `createPredictor` compiles once. */
export const predict = async ({
  params,
  rows,
  ...options
}: PredictorOptions & { readonly params: PlacedParams; readonly rows: TokenRows }): Promise<Predictions> => {
  const predictor = createPredictor(options)
  try {
    return await predictor(params, rows)
  } finally {
    predictor.dispose()
  }
}
