import { defined, KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { TrainerErrorCode } from '../error-code.ts'
import type { PlannedBatch } from './batch-plan.ts'
import type { MicroBatch } from './batch-source.ts'
import {
  checkedLabel,
  checkedRow,
  checkedTargets,
  checkedTypes,
  checkRowAligned,
} from './check-token-rows.ts'
import { rowOf, type TokenRows } from './token-rows.ts'

export interface TokenBatchOptions {
  /** The tokenizer's id of padding: 1 for RoBERTa and klue's models, 0 for BERT. */
  readonly padTokenId: number
  /** The label of filler rows, which losses ignore; default -100. */
  readonly ignoreIndex?: number | undefined
}

/**
 * Planned rows as padded feeds: `input_ids`, `attention_mask` and, if the rows have them, `token_type_ids`, all int32
 * [B, S], `labels`, int32 [B], and `soft_targets`, float32 [B, C], with zeros for rows without.
 *
 * A batch that its rows do not fill repeats its first row, with the label `ignoreIndex` and without soft targets, up to
 * the planned size. The engine then sees no additional shape.
 *
 * @throws KicError `trainer/row` for a missing row, or one longer than the batch; `trainer/rows` for labels, token
 * types or soft targets that do not match the rows
 */
export const tokenBatch = (
  rows: TokenRows,
  { rows: numbers, size, length }: PlannedBatch,
  { padTokenId, ignoreIndex = -100 }: TokenBatchOptions,
): MicroBatch => {
  checkRowAligned('tokenBatch', rows)
  const shape = [size, length]
  const ids = new Int32Array(size * length).fill(padTokenId) // [B, S]
  const mask = new Int32Array(size * length) // [B, S]
  const types = rows.tokenTypeIds === undefined ? undefined : new Int32Array(size * length) // [B, S]
  const labels = rows.labels === undefined ? undefined : new Int32Array(size).fill(ignoreIndex) // [B]
  const { softTargets } = rows
  const targets = softTargets && new Float32Array(size * softTargets.classes) // [B, C]
  for (let i = 0; i < size; i++) {
    const row = numbers[i] ?? numbers[0] ?? -1
    const tokens = rowOf(rows.inputIds, row)
    if (tokens === undefined || tokens.length > length) {
      throw new KicError<TrainerErrorCode>(
        'trainer/row',
        `tokenBatch: row ${row} must exist and have at most ${length} tokens, received ${tokens === undefined ? 'no row' : `${tokens.length} tokens`}. ` +
          'Plan batches from the lengths of these rows.',
      )
    }
    ids.set(checkedRow('tokenBatch', 'id', rows.inputIds, row), i * length)
    mask.fill(1, i * length, i * length + tokens.length)
    if (types !== undefined && rows.tokenTypeIds !== undefined) {
      types.set(checkedTypes('tokenBatch', rows.tokenTypeIds, row, tokens.length), i * length)
    }
    if (labels !== undefined && i < numbers.length) labels[i] = checkedLabel('tokenBatch', rows.labels, row)
    if (softTargets !== undefined && i < numbers.length)
      targets?.set(checkedTargets('tokenBatch', softTargets, row) ?? [], i * softTargets.classes)
  }
  const int32 = (of: readonly number[], data: Int32Array): HostTensor => ({ dtype: 'int32', shape: of, data })
  const feeds: Record<string, HostTensor> = {
    input_ids: int32(shape, ids),
    attention_mask: int32(shape, mask),
  }
  if (types !== undefined) feeds.token_type_ids = int32(shape, types)
  if (labels !== undefined) feeds.labels = int32([size], labels)
  if (softTargets !== undefined && targets !== undefined)
    feeds.soft_targets = { dtype: 'float32', shape: [size, softTargets.classes], data: targets }
  return { rows: numbers, feeds }
}

/** The rows of a padded matrix [N, S] without their padding, as views. */
export const unpaddedRows = (
  matrix: Int32Array,
  shape: readonly [rows: number, length: number],
  lengths: ArrayLike<number>,
): readonly Int32Array[] =>
  Array.from({ length: shape[0] }, (_, i) =>
    matrix.subarray(i * shape[1], i * shape[1] + defined(lengths[i])),
  )
