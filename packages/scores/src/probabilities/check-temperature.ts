import { scoresError } from '../scores-error.ts'

/** @throws KicError `scores/temperature` */
export const checkTemperature = (caller: string, temperature: number): void => {
  if (temperature > 0 && temperature < Number.POSITIVE_INFINITY) return
  throw scoresError(
    'scores/temperature',
    `${caller}: a temperature must be a finite number above 0, received ${temperature}. Give 1 to change nothing.`,
  )
}
