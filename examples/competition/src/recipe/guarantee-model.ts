import { guarantee } from '@kic/predictor'
import { loadPredictor, saveCalibration } from '@kic/predictor/node'
import type { Task } from '../load-task.ts'

/** Fewer rows show too little, and more change little. */
const LEAST_ROWS = 100
const MOST_ROWS = 5000

/**
 * Adds guarantees to the packed model. The validation rows chose its members, weights and temperatures, and cross-fitted
 * predictions are those of other models; the test rows had no part in anything.
 */
export const guaranteeModel = async (
  folder: string,
  { test, testName }: Pick<Task, 'test' | 'testName'>,
): Promise<void> => {
  const rows = test
    .flatMap(({ text, labels }) => (labels === undefined ? [] : [{ text, labels }]))
    .slice(0, MOST_ROWS)
  if (rows.length < LEAST_ROWS) return
  const predictor = await loadPredictor(folder)
  try {
    const { calibration } = predictor.info
    if (calibration === undefined) throw new Error('a packed model is calibrated')
    const guarantees = await guarantee(predictor, rows, `${rows.length} ${testName}`)
    await saveCalibration(folder, { ...calibration, guarantees })
  } finally {
    await predictor.dispose()
  }
}
