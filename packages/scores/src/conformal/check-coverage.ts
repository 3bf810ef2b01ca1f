import { scoresError } from '../scores-error.ts'

/** @throws KicError `scores/coverage` unless it is between 0 and 1 */
export const checkCoverage = (caller: string, coverage: number): void => {
  if (coverage >= 0 && coverage <= 1) return
  throw scoresError(
    'scores/coverage',
    `${caller}: coverage must be between 0 and 1, received ${coverage}. Give a share such as 0.9.`,
  )
}
