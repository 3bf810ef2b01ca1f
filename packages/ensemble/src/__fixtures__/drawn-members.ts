import { createRandom } from '@kic/core'
import { type Probabilities, softmaxRows } from '@kic/scores'

/** Class numbers drawn from so many classes, [N]. */
export const drawnLabels = (rows: number, classes: number, seed: number | string): Int32Array => {
  const random = createRandom(seed, 'labels')
  return Int32Array.from({ length: rows }, () => random.int(classes))
}

/** A member: softmax of noise with a signal at the true class, [N, C]; 0 knows nothing. */
export const drawnMember = (
  labels: Int32Array,
  classes: number,
  signal: number,
  seed: number | string,
): Probabilities => {
  const random = createRandom(seed, 'member')
  const logits = Float64Array.from(
    { length: labels.length * classes },
    (_, i) => random.normal() + (i % classes === labels[Math.floor(i / classes)] ? signal : 0),
  )
  return { rows: labels.length, classes, data: softmaxRows(logits, classes) }
}
