import { createRandom } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import { type MicroBatch, type PlannedBatch, tokenBatch } from '@kic/trainer'
import { type MaskingOptions, maskTokens } from './mask-tokens.ts'
import type { MaskingVocabulary } from './masking-vocabulary.ts'

/** Label of a place in `masked_labels` that holds nothing. */
export const IGNORED = -100

/** What the masks of a batch follow from, besides its rows. */
export interface MaskDraw {
  readonly seed: number
  /** Masks are drawn anew for each. */
  readonly epoch: number | string
}

/**
 * Planned rows as feeds with their masks drawn: `input_ids` and `attention_mask`, int32 [B, S]; `masked_positions` and
 * `masked_labels`, int32 [M], where position `b · S + s` is token `s` of row `b`, and places without a token are labelled
 * -100. M is the least multiple of B that holds all, so a run has few shapes, and the decoder computes V scores for some
 * 15 % of the tokens instead of all.
 *
 * The masks of a row follow from seed, epoch and row number alone: not from the batch that it is in, nor from what was
 * drawn before.
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
    maskTokens(
      rows[row] ?? new Int32Array(0),
      vocabulary,
      createRandom(draw.seed, 'mask', draw.epoch, row),
      options,
    ),
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
      labels[at++] = masked.labels[i] ?? IGNORED
    }
  }
  const int32 = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [places], data })
  return {
    rows: planned.rows,
    count,
    feeds: { ...batch.feeds, masked_positions: int32(positions), masked_labels: int32(labels) },
  }
}
