export { type SaveCalibrationOptions, saveCalibration } from './calibrate/save-calibration.ts'
export {
  type SeenTexts,
  saveTrainingTexts,
  seenInTraining,
  TRAINING_TEXTS_FILE,
} from './calibrate/training-texts.ts'
export { type EnsembleFolder, readEnsembleFolder } from './ensemble/ensemble-folder.ts'
export { EXAMPLES_FILE } from './explain/folder-examples.ts'
export { type CodedExample, saveExamples } from './explain/save-examples.ts'
export { loadPredictor, nodeRuntime, readTask } from './load-predictor-node.ts'
export { checkModelFolder, checkPackedFolder } from './model/check-model-folder.ts'
export { readJson } from './model/model-files.ts'
export { type ModelFolder, readModelFolder } from './model/model-folder.ts'
export type { NetworkFolder } from './model/network-folder.ts'
export { NGRAM_FILE, type NgramFolder } from './model/ngram-folder.ts'
export { filesIn } from './model/node-files.ts'
export { type NgramFolderContent, saveNgramFolder } from './model/save-ngram-folder.ts'
export { saveNotes } from './model/save-notes.ts'
export { packEnsemble } from './pack/pack-ensemble.ts'
export type { PackEnsembleOptions, PackedBudget, PackedMember } from './pack/pack-options.ts'
export type { PredictorTask } from './predictor-task.ts'
export { type PackRerankerOptions, packReranker } from './rerank/pack-reranker.ts'
export type { RerankedFolder } from './rerank/reranked-folder.ts'
export { type TextLimits, textLimits } from './run/text-limits.ts'
export { threadRuntime } from './run/thread-runtime.ts'
