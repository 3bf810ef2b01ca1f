import { scoresError } from '../scores-error.ts'

/** @throws KicError `scores/threshold` unless `reviewBelow` is between 0 and 1. */
export const checkThreshold = (caller: string, reviewBelow: number): void => {
  if (reviewBelow >= 0 && reviewBelow <= 1) return
  throw scoresError(
    'scores/threshold',
    `${caller}: reviewBelow must be between 0 and 1, received ${reviewBelow}. Give the confidence from which on no person looks.`,
  )
}
