export type { AnswerRow } from './answers/answer-row.ts'
export { type AnswerTable, answerTable } from './answers/answer-table.ts'
export { type AnswersCsv, answersCsv } from './answers/answers-csv.ts'
export type {
  Candidate,
  CodedText,
  LevelCode,
  Prediction,
  UnusableReason,
  UnusableText,
} from './answers/prediction.ts'
export { calibrate, judgeRow, type LabelledText } from './calibrate/calibrate.ts'
export { readVote, type Votes } from './ensemble/read-vote.ts'
export { type LoadPredictorOptions, loadPredictor } from './load-predictor.ts'
export type { LoadModelOptions, Precision } from './model/load-model.ts'
export { filesAt, type ModelFiles } from './model/model-files.ts'
export { type Calibration, type ModelNotes, NOTES_FILE, notesJson, parseNotes } from './model/model-notes.ts'
export { type CheckedText, checkText, type Script } from './model/usable-text.ts'
export type { PredictOptions, Predictor, PredictorInfo, RawScores } from './predictor.ts'
export type { OnnxRuntime, OrtSession, OrtTensor } from './run/onnx-runtime.ts'
