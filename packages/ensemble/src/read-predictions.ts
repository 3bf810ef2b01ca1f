import type { Probabilities } from '@kic/scores'
import { openPredictions } from './stored-predictions.ts'

/**
 * All probabilities of a file of `writePredictions`.
 *
 * @throws KicError `ensemble/predictions` with the path
 */
export const readPredictions = async (path: string): Promise<Probabilities> => {
  const stored = await openPredictions(path)
  try {
    return await stored.read(0, stored.rows)
  } finally {
    await stored.close()
  }
}
