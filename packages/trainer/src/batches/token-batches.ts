import type { BatchPlanOptions } from './batch-plan.ts'
import { type BatchSource, plannedBatches } from './batch-source.ts'
import { checkTokenRows } from './check-token-rows.ts'
import { type TokenBatchOptions, tokenBatch } from './token-batch.ts'
import { type TokenRows, tokenLengths } from './token-rows.ts'

/**
 * The usual source of batches: rows of tokens, planned by `batchPlan` and padded by `tokenBatch`.
 *
 * @throws KicError `trainer/rows` for labels or token types that do not match the rows or are not integers, and as
 * `batchPlan`
 */
export const tokenBatches = (
  rows: TokenRows,
  options: Omit<BatchPlanOptions, 'epoch' | 'lengths'> & TokenBatchOptions,
): BatchSource => {
  checkTokenRows('tokenBatches', rows)
  return plannedBatches({ ...options, lengths: tokenLengths(rows) }, (planned) =>
    tokenBatch(rows, planned, options),
  )
}
