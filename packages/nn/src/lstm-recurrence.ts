import { defined } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { savedAt, withGradient } from './with-gradient.ts'

/** The input of the recurrence. Steps are in reading order, so a reversed direction starts at the end. */
export interface RecurrenceInputs {
  /** The input's contribution to the gates before activation, including biases, [S·D, B, 4H]: D directions per step. */
  readonly gates: Tensor
  /** [D, 4H, H] */
  readonly weight: Tensor
  /** The steps that count, bool [S·D, B, H]; other steps leave both states unchanged. Default: all. */
  readonly counts?: Tensor | undefined
}

/**
 * The states h of an LSTM at every step, [S·D, B, H], from zero states.
 *
 * Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000, in PyTorch's gate order i, f, g, o: `c =
 * σ(f) · c' + σ(i) · tanh(g)`, `h = σ(o) · tanh(c)`. The gradient is written by hand: everything that does not depend
 * on the next step is computed for all steps at once. This leaves seven operations per step, nine with `counts`.
 *
 * @param quick computes the same states at once, or returns nothing if it cannot; the gradient always goes through the
 *   steps
 */
export const lstmRecurrence = (
  { gates, weight, counts }: RecurrenceInputs,
  quick: () => Tensor | undefined = () => undefined,
): Tensor =>
  withGradient([gates, weight], () => {
    const value = quick()
    if (value !== undefined) {
      return {
        value,
        save: [gates, weight, ...(counts ? [counts] : [])],
        gradient: (dy, saved) => {
          const inputs = { gates: savedAt(saved, 0), weight: savedAt(saved, 1), counts: saved[2] }
          return backward(dy, toSave(forward(inputs), inputs))
        },
      }
    }
    const trace = forward({ gates, weight, counts })
    return { value: trace.h, save: toSave(trace, { gates, weight, counts }), gradient: backward }
  })

/** The tensors that `backward` reads. */
const toSave = ({ i, f, g, o, c, h }: Trace, { weight, counts }: RecurrenceInputs): Tensor[] => [
  ...[i, f, g, o, c, h, weight],
  ...(counts ? [counts] : []),
]

/** Activated gates and states of every step, [S·D, B, H] each. */
interface Trace {
  readonly i: Tensor
  readonly f: Tensor
  readonly g: Tensor
  readonly o: Tensor
  readonly c: Tensor
  readonly h: Tensor
}

const forward = ({ gates, weight, counts }: RecurrenceInputs): Trace => {
  const [directions = 1, , width = 1] = weight.shape
  const inputs = perStep(gates, directions) // S of [D, B, 4H]
  const counted = counts && perStep(counts, directions)
  const start = tf.zeros([directions, defined(gates.shape[1]), width])
  const steps: Trace[] = []
  for (const [step, input] of inputs.entries()) {
    const last = steps.at(-1)
    const before = last ? tf.add(input, tf.matMul(last.h, weight, false, true)) : input // [D, B, 4H]
    const [i, f, g, o] = activated(before)
    const kept = last?.c ?? start
    const c = tf.add(tf.mul(f, kept), tf.mul(i, g)) // [D, B, H]
    const h = tf.mul(o, tf.tanh(c))
    const here = counted?.[step]
    steps.push(
      here
        ? { i, f, g, o, c: tf.where(here, c, kept), h: tf.where(here, h, last?.h ?? start) }
        : { i, f, g, o, c, h },
    )
  }
  const all = (name: keyof Trace): Tensor => joined(steps.map((step) => step[name]))
  return { i: all('i'), f: all('f'), g: all('g'), o: all('o'), c: all('c'), h: all('h') }
}

/** [D, B, 4H] → the four gates, [D, B, H] each. */
const activated = (gates: Tensor): [i: Tensor, f: Tensor, g: Tensor, o: Tensor] => {
  const parts = tf.split(gates, 4, 2)
  const part = (position: number): Tensor => savedAt(parts, position)
  return [tf.sigmoid(part(0)), tf.sigmoid(part(1)), tf.tanh(part(2)), tf.sigmoid(part(3))]
}

/** Gradients of gates and weight. */
const backward = (dy: Tensor, saved: readonly Tensor[]): Tensor[] => {
  const [i, f, g, o] = [savedAt(saved, 0), savedAt(saved, 1), savedAt(saved, 2), savedAt(saved, 3)]
  const [c, h, weight] = [savedAt(saved, 4), savedAt(saved, 5), savedAt(saved, 6)]
  const counts = saved[7] && tf.cast(saved[7], 'float32')
  const directions = defined(weight.shape[0])
  const counted = (x: Tensor): Tensor => (counts ? tf.mul(x, counts) : x)
  const tanh = tf.tanh(c)
  // Factors by which the gradients of c and h reach each gate before its activation, and h reaches c.
  const slopes = tf.concat(
    [
      counted(tf.mul(g, slope(i))),
      counted(tf.mul(delayed(c, directions), slope(f))),
      counted(tf.mul(i, tf.sub(1, tf.square(g)))),
      counted(tf.mul(tanh, slope(o))),
    ],
    2,
  ) // [S·D, B, 4H]
  const steps = {
    dh: perStep(dy, directions),
    hToCell: perStep(counted(tf.mul(o, tf.sub(1, tf.square(tanh)))), directions),
    cellToLast: perStep(counts ? tf.add(counted(f), tf.sub(1, counts)) : f, directions),
    slopes: perStep(slopes, directions),
    hToLast: counts && perStep(tf.sub(1, counts), directions),
  }
  const gradients: Tensor[] = []
  let carriedH: Tensor | undefined
  let carriedC: Tensor | undefined
  for (let step = steps.dh.length - 1; step >= 0; step--) {
    const at = (list: readonly Tensor[]): Tensor => savedAt(list, step)
    const dh = carriedH ? tf.add(at(steps.dh), carriedH) : at(steps.dh)
    const direct = tf.mul(dh, at(steps.hToCell))
    const dc: Tensor = carriedC ? tf.add(direct, carriedC) : direct
    const dGates: Tensor = tf.mul(tf.concat([dc, dc, dc, dh], 2), at(steps.slopes)) // [D, B, 4H]
    gradients.unshift(dGates)
    if (step === 0) break
    const through = tf.matMul(dGates, weight) // [D, B, H]
    carriedH = steps.hToLast ? tf.add(through, tf.mul(dh, at(steps.hToLast))) : through
    carriedC = tf.mul(dc, at(steps.cellToLast))
  }
  const dGates = joined(gradients)
  const dWeight = tf.matMul(
    perDirection(dGates, directions),
    perDirection(delayed(h, directions), directions),
    true,
  ) // [D, 4H, H]
  return [dGates, dWeight]
}

/** Derivative of the logistic function, from its value. */
const slope = (y: Tensor): Tensor => tf.mul(y, tf.sub(1, y))

/** [S·D, …] → S of [D, …]. */
const perStep = (x: Tensor, directions: number): Tensor[] => tf.split(x, defined(x.shape[0]) / directions, 0)

const joined = (steps: Tensor[]): Tensor => tf.concat(steps, 0)

/** The value one step before, zero at first. */
const delayed = (x: Tensor, directions: number): Tensor => {
  const [rows = 0, batch = 0, width = 0] = x.shape
  const first = tf.zeros([directions, batch, width])
  return rows === directions
    ? first
    : tf.concat([first, tf.slice(x, [0, 0, 0], [rows - directions, -1, -1])], 0)
}

/** [S·D, B, n] → [D, S·B, n]. */
const perDirection = (x: Tensor, directions: number): Tensor => {
  const [rows = 0, batch = 0, width = 0] = x.shape
  const steps = rows / directions
  const ordered = tf.transpose(tf.reshape(x, [steps, directions, batch, width]), [1, 0, 2, 3])
  return tf.reshape(ordered, [directions, steps * batch, width])
}
