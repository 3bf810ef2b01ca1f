import { resolveModel } from '@kic/checkpoints/node'
import type { ProgressOutput } from '../train/progress-output.ts'

/**
 * The folder of the model that training starts from. A model of the Hub is downloaded with its tokenizer.
 *
 * @param from a folder, or an id of the Hub such as `klue/roberta-small`; `undefined` from scratch
 * @throws KicError as `resolveModel`
 */
export const startingFolder = async (
  from: string | undefined,
  output: Pick<ProgressOutput, 'counting'>,
): Promise<string | undefined> => {
  if (from === undefined) return undefined
  const line = output.counting(`download ${from}`, 'MB')
  return resolveModel(from, {
    tokenizer: true,
    onProgress: ({ totalReceived }) => line.update(totalReceived / 1e6),
  }).finally(line.end)
}
