import { ksic10, ksicScript } from '@kic/classification/ksic'
import { saveTinyModel } from '@kic/tool-tiny-models'

/** Saves a tiny model of groups with a validation curve. */
export const saveCalibratedModel = async (model: string): Promise<void> => {
  const thresholds = [0, 0.5]
  await saveTinyModel(model, {
    format: 'kic-model',
    version: 1,
    classification: ksic10,
    script: ksicScript,
    calibration: {
      temperature: 1,
      on: 'forty rows',
      curve: {
        rows: 50,
        thresholds,
        automatic: [48, 40],
        correct: { section: [40, 40], division: [40, 40], group: [30, 36] },
      },
    },
  })
}
