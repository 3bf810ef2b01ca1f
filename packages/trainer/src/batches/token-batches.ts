import type { BatchPlanOptions } from './batch-plan.ts'
import { type BatchSource, plannedBatches } from './batch-source.ts'
import { type TokenBatchOptions, type TokenRows, tokenBatch, tokenLengths } from './token-batch.ts'

/** The usual source of batches: rows of tokens, planned by `batchPlan` and padded by `tokenBatch`. */
export const tokenBatches = (
  rows: TokenRows,
  options: Omit<BatchPlanOptions, 'epoch' | 'lengths'> & TokenBatchOptions,
): BatchSource =>
  plannedBatches({ ...options, lengths: tokenLengths(rows) }, (planned) => tokenBatch(rows, planned, options))
