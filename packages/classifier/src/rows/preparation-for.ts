import { loadPreparation } from '@kic/data/node'
import {
  defaultPreparation,
  describePreparation,
  PREPARATION_FILE,
  type TextPreparation,
} from '@kic/data/prepare'
import type { ProgressOutput } from '../train/progress-output.ts'

/**
 * How texts are prepared for training: as for the model that it starts from, by default from scratch. A model without a
 * preparation file is reported.
 *
 * @param folder of a saved model; `undefined` from scratch
 * @throws KicError `data/preparation`
 */
export const preparationFor = async (
  folder: string | undefined,
  output: Pick<ProgressOutput, 'say'>,
): Promise<TextPreparation> => {
  if (folder === undefined) return defaultPreparation
  const saved = await loadPreparation(folder)
  if (saved === undefined) {
    output.say(
      `${folder} has no ${PREPARATION_FILE}, so texts are prepared by default: ` +
        describePreparation(defaultPreparation),
    )
  }
  return saved ?? defaultPreparation
}
