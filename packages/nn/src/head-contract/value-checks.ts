import { defined } from '@kic/core'
import type { Tensor } from '@kic/engine'
import { inferenceContext } from '@kic/engine'
import { gradientError } from '../gradient-error.ts'
import { parameter } from '../parameter.ts'
import type { HeadBatch, HeadSubject } from './head-subject.ts'
import { applied, largestDifference, logitsOnCpu, runOn } from './run-head.ts'

/** The most entries to move of every parameter and of the hidden states. */
const ENTRIES = 4

/** Checks that gradients with respect to hidden states and every parameter equal finite differences. */
export const checkGradients = async (subject: HeadSubject, tolerance: number): Promise<void> => {
  const names = Object.keys(subject.params)
  let error = Number.NaN
  await runOn('cpu', subject.batch([4, 2], 4), subject.params, (params, feeds) => {
    const fn = (sequence: Tensor, ...values: Tensor[]): Tensor => {
      const replaced = Object.fromEntries(values.map((value, i) => [defined(names[i]), value]))
      return applied(subject, { ...params, ...replaced }, { ...feeds, sequence }, inferenceContext)
    }
    const inputs = [parameter(feeds, 'sequence'), ...names.map((name) => parameter(params, name))]
    error = gradientError(fn, inputs, { step: 0.02, entries: ENTRIES })
    return { logits: applied(subject, params, feeds, inferenceContext) }
  })
  if (!(error < tolerance))
    throw subject.broken(
      `has a gradient that is ${error.toExponential(1)} of its largest entry away from finite differences; allowed are ${tolerance}`,
    )
}

/**
 * Checks that the contents and the amount of padding change nothing, or that they do if the head declares to read it.
 */
export const checkPadding = async (subject: HeadSubject, promise: 'ignored' | 'read'): Promise<void> => {
  const lengths = [3, 5]
  const batch = subject.batch(lengths, 5)
  const expected = await logitsOnCpu(subject, batch)
  const first = rows(batch, 1, 3)
  const differences = [
    largestDifference(expected, await logitsOnCpu(subject, padded(batch, 5, 9))),
    largestDifference(expected, await logitsOnCpu(subject, padded(batch, 9, 9))),
    largestDifference(
      { ...expected, shape: [1, subject.classes], data: expected.data.slice(0, subject.classes) },
      await logitsOnCpu(subject, first),
    ),
  ]
  const worst = Math.max(...differences)
  if (promise === 'ignored' && !(worst < 1e-5))
    throw subject.broken(
      `gives logits that differ by ${worst.toExponential(1)} with the padding of the batch; multiply by the mask, or say padding: 'read'`,
    )
  if (promise === 'read' && worst < 1e-5)
    throw subject.broken("says padding: 'read', but its logits do not depend on padding: leave that out")
}

/**
 * The batch with other numbers in its padding, and `width` positions; unchanged if the head reads the first position.
 */
const padded = (batch: HeadBatch, noise: number, width: number): HeadBatch => {
  const [B = 0, S = 0, H = 0] = batch.sequence.shape
  const mask = batch.attention_mask
  const [, before = 0] = mask.shape
  const wide = S === before ? width : S
  const at = (row: number, position: number): number =>
    position < before ? defined(mask.data[row * before + position]) : 0
  const attention = Int32Array.from({ length: B * width }, (_, i) => at(Math.floor(i / width), i % width))
  const data = Float32Array.from({ length: B * wide * H }, (_, i) => {
    const [row, position] = [Math.floor(i / (wide * H)), Math.floor(i / H) % wide]
    return position === 0 || at(row, position) === 1
      ? defined(batch.sequence.data[(row * S + position) * H + (i % H)])
      : noise + Math.sin(i)
  })
  return {
    sequence: { ...batch.sequence, shape: [B, wide, H], data },
    attention_mask: { ...mask, shape: [B, width], data: attention },
  }
}

/** The first rows of a batch, cut to a width. */
const rows = ({ sequence, attention_mask: mask }: HeadBatch, count: number, width: number): HeadBatch => {
  const [, S = 0, H = 0] = sequence.shape
  const [, before = 0] = mask.shape
  const wide = S === before ? width : S
  const kept = Array.from({ length: count }, (_, row) => row)
  return {
    sequence: {
      ...sequence,
      shape: [count, wide, H],
      data: Float32Array.from(
        kept.flatMap((row) => Array.from(sequence.data.slice(row * S * H, (row * S + wide) * H))),
      ),
    },
    attention_mask: {
      ...mask,
      shape: [count, width],
      data: Int32Array.from(
        kept.flatMap((row) => Array.from(mask.data.slice(row * before, row * before + width))),
      ),
    },
  }
}
