import { calibrate } from '@kic/predictor'
import { loadPredictor, saveCalibration } from '@kic/predictor/node'
import { handWritten } from './evaluation-texts.ts'

/**
 * Counts and guarantees what a published model's answers to the hand-written texts are worth. Its temperature is not fitted to
 * them: they are easier than most texts.
 */
export const calibrateModel = async (folder: string, temperature: number): Promise<void> => {
  const { rows, name } = handWritten()
  const predictor = await loadPredictor(folder)
  try {
    const on = `${rows.length} ${name} of @kic/korean-answers`
    const calibration = await calibrate(predictor, rows, on, undefined, { temperature })
    await saveCalibration(folder, calibration)
  } finally {
    await predictor.dispose()
  }
}
