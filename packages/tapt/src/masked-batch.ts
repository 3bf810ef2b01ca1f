import { createRandom, defined } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import { type MicroBatch, type PlannedBatch, tokenBatch } from '@kic/trainer'
import { type MaskingOptions, maskTokens } from './mask-tokens.ts'
import type { MaskingVocabulary } from './masking-vocabulary.ts'

/** Label of an unused place in `masked_labels`. */
export const IGNORED = -100

/** The source of the masks of a batch, besides its rows. */
export interface MaskDraw {
  readonly seed: number
  /** Every epoch has new masks. */
  readonly epoch: number | string
}

/**
 * Planned rows as masked feeds: `input_ids` and `attention_mask`, int32 [B, S]; `masked_positions` and `masked_labels`,
 * int32 [M]. Position `b · S + s` is token `s` of row `b`; unused places have the label -100. M is the smallest sufficient
 * multiple of B, so a run has few shapes, and the decoder computes V scores for about 15 % of the tokens.
 *
 * The masks of a row depend on seed, epoch and row number alone, not on its batch or on earlier draws.
 *
 * @throws KicError `tapt/nothing-to-mask`, `tapt/token`
 */
export const maskedBatch = (
  rows: readonly Int32Array[],
  planned: PlannedBatch,
  vocabulary: MaskingVocabulary,
  draw: MaskDraw,
  options: MaskingOptions = {},
): MicroBatch => {
  const { length, size } = planned
  const hidden = Array.from(planned.rows, (row) =>
    maskTokens(defined(rows[row]), vocabulary, createRandom(draw.seed, 'mask', draw.epoch, row), options),
  )
  const batch = tokenBatch(
    { inputIds: hidden.map(({ ids }) => ids) },
    { rows: Int32Array.from(hidden.keys()), size, length },
    { padTokenId: vocabulary.padTokenId },
  )
  const count = hidden.reduce((sum, { labels }) => sum + labels.length, 0)
  const places = size * Math.max(1, Math.ceil(count / size)) // M
  const positions = new Int32Array(places)
  const labels = new Int32Array(places).fill(IGNORED)
  let at = 0
  for (const [row, masked] of hidden.entries()) {
    for (const [i, position] of masked.positions.entries()) {
      positions[at] = row * length + position
      labels[at++] = defined(masked.labels[i])
    }
  }
  const int32 = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [places], data })
  return {
    rows: planned.rows,
    count,
    feeds: { ...batch.feeds, masked_positions: int32(positions), masked_labels: int32(labels) },
  }
}
