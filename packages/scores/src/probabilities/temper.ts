import { checkTemperature } from './check-temperature.ts'
import type { Probabilities } from './probabilities.ts'
import { softmax } from './softmax.ts'

/** Float32's smallest normal number: probabilities below it are not stored well enough to take logarithms of. */
const LEAST = 2 ** -126

/** The logarithm of a probability, or of 2⁻¹²⁶ where it is smaller. */
export const logProbability = (probability: number): number => Math.log(Math.max(probability, LEAST))

/** `logProbability(p) / temperature` of one row, [C], written into `into` and returned: the logits of `temper`. */
export const temperedLogs = (
  probabilities: ArrayLike<number>,
  temperature: number,
  into: Float64Array,
): Float64Array => {
  for (let c = 0; c < into.length; c++) into[c] = logProbability(probabilities[c] ?? Number.NaN) / temperature
  return into
}

/**
 * Probabilities at a temperature T: p becomes p^(1/T), scaled to sum 1, as if its logits had been divided by T. Above 1
 * softens; 1 returns what was given.
 *
 * @throws KicError `scores/temperature`
 */
export const temper = (probabilities: Probabilities, temperature: number): Probabilities => {
  checkTemperature('temper', temperature)
  if (temperature === 1) return probabilities
  const { rows, classes, data } = probabilities
  const tempered = new Float32Array(rows * classes)
  const row = new Float64Array(classes)
  for (let start = 0; start < tempered.length; start += classes) {
    temperedLogs(data.subarray(start, start + classes), temperature, row)
    tempered.set(softmax(row, { into: row }), start)
  }
  return { rows, classes, data: tempered }
}
