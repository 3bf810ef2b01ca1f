import { fitTemperatures, inMemory, type Probabilities } from '@kic/scores'

/**
 * The temperature at which probabilities of held-out rows have the least cross-entropy.
 *
 * @param labels class number of each row, or -1, [N]
 * @throws KicError as `fitTemperatures`
 */
export const temperatureOf = async (
  probabilities: Probabilities,
  labels: Int32Array = new Int32Array(0),
): Promise<number> => {
  const [fitted] = await fitTemperatures(inMemory([probabilities]), labels)
  return fitted?.temperature ?? 1
}
