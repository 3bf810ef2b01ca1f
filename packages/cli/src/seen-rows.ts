import { KicError, percent } from '@kic/core'
import type { LabelledText } from '@kic/predictor'
import { Option } from 'commander'
import type { CliErrorCode } from './error-code.ts'
import type { Io } from './io.ts'

/** A larger share cannot be chance. */
const MOST_SEEN = 0.5

/** Fewer texts prove nothing. */
const LEAST_JUDGED = 20

/** `--allow-seen` of commands that calibrate. */
export const allowSeenOption = (): Option =>
  new Option('--allow-seen', 'calibrate even if the model was trained on most of the rows')

/**
 * Warns of rows that a model was trained on: its answers to them are better than to others, so a calibration promises too
 * much.
 *
 * @throws KicError `cli/seen-rows` if more than half were, unless that is allowed
 */
export const checkSeen = async (
  command: string,
  models: readonly string[],
  rows: readonly LabelledText[],
  { allowSeen = false }: { readonly allowSeen?: boolean | undefined },
  io: Io,
): Promise<void> => {
  const { seenInTraining } = await import('@kic/predictor/node')
  const texts = rows.map(({ text }) => text)
  for (const model of models) {
    const seen = await seenInTraining(model, texts)
    if (seen === undefined || seen.share === 0) continue
    const { share, judged } = seen
    const counted = judged === rows.length ? '' : ` (estimated from ${judged})`
    if (share > MOST_SEEN && judged >= LEAST_JUDGED && !allowSeen) {
      throw new KicError<CliErrorCode>(
        'cli/seen-rows',
        `${command}: rows must be others than those of the training, received ${rows.length} rows of which ${model} was trained on ` +
          `${percent(share)}${counted}. Use held-out rows, or set --allow-seen.`,
      )
    }
    io.err(
      `warning: ${model} was trained on ${percent(share)} of these rows${counted}; unless other texts repeat as often, the ` +
        'calibration promises too much\n',
    )
  }
}
