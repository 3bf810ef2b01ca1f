export { type ModelFolder, readModelFolder } from './load-model.ts'
export { loadPredictor } from './load-predictor-node.ts'
export { filesIn } from './node-files.ts'
export { saveCalibration } from './save-calibration.ts'
