export type { AnswerRow } from './answer-row.ts'
export { type AnswerTable, answerTable } from './answer-table.ts'
export { type AnswersCsv, answersCsv } from './answers-csv.ts'
export { calibrate, judgeRow, type LabelledText } from './calibrate.ts'
export type { LoadModelOptions, Precision } from './load-model.ts'
export { type LoadPredictorOptions, loadPredictor } from './load-predictor.ts'
export { filesAt, type ModelFiles } from './model-files.ts'
export { type Calibration, type ModelNotes, NOTES_FILE, notesJson, parseNotes } from './model-notes.ts'
export type { OnnxRuntime, OrtSession, OrtTensor } from './onnx-runtime.ts'
export type {
  Candidate,
  CodedText,
  LevelCode,
  Prediction,
  UnusableReason,
  UnusableText,
} from './prediction.ts'
export type { PredictOptions, Predictor, PredictorInfo, RawScores } from './predictor.ts'
export { readVote, type Votes } from './read-vote.ts'
export { type CheckedText, checkText, type Script } from './usable-text.ts'
export { type VoteBlock, type VotedText, votesCsv } from './votes-csv.ts'
