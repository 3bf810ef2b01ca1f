import { TEMPERATURES } from '@kic/scores'

/** Fewer rows have so few wrong answers that another draw would fit quite another temperature. */
const FEW_ROWS = 50

/** Fits end at a bound but for rounding. */
const AT_BOUND = 1e-6

/**
 * Reasons not to trust the confidences at a fitted temperature, in sentences.
 *
 * @param numbers class number of each row that fitted it
 * @param allRight whether the best score of every row is its class's: then the likelihood only grows as the temperature falls
 */
export const temperatureDoubts = (
  temperature: number,
  numbers: readonly number[],
  allRight: boolean,
): readonly string[] => {
  const { lowest, highest } = TEMPERATURES
  const rows = `${numbers.length} ${numbers.length === 1 ? 'row' : 'rows'}`
  const doubts: string[] = []
  if (allRight) {
    doubts.push(
      `the temperature is ${temperature.toFixed(3)}, too low for any doubt, because none of ${rows} is answered wrongly`,
    )
  } else if (temperature <= lowest * (1 + AT_BOUND)) {
    doubts.push(
      `the temperature is ${lowest}, the lowest that is tried, because the scores of ${rows} hardly differ between classes`,
    )
  } else if (temperature >= highest * (1 - AT_BOUND)) {
    doubts.push(
      `the temperature is ${highest}, the highest that is tried, because the scores of ${rows} tell nothing about their classes`,
    )
  }
  if (numbers.length < FEW_ROWS)
    doubts.push(`only ${rows} fitted the temperature, which takes ${FEW_ROWS} or more`)
  if (new Set(numbers).size === 1) doubts.push('all rows that fitted the temperature have the same class')
  return doubts.map(
    (doubt) => `${doubt}; confidences are not to be trusted. Calibrate on more rows like the texts to code.`,
  )
}
