export type { AnswerRow } from './answers/answer-row.ts'
export { type AnswerTable, answerTable } from './answers/answer-table.ts'
export { type AnswersCsv, answersCsv } from './answers/answers-csv.ts'
export type { CallSignal } from './answers/call-signal.ts'
export { type GuaranteeCells, type GuaranteeColumns, guaranteeCells } from './answers/guarantee-cells.ts'
export type { LevelCode } from './answers/level-code.ts'
export type { PredictOptions, StreamOptions } from './answers/predict-options.ts'
export type { Candidate, CodedText, Prediction, UnusableReason, UnusableText } from './answers/prediction.ts'
export type { Answered, Predictor } from './answers/predictor.ts'
export type { ModelInfo, PredictorInfo } from './answers/predictor-info.ts'
export type { RawScores } from './answers/raw-scores.ts'
export {
  type CalibrateOptions,
  calibrate,
  type GuaranteeOptions,
  guarantee,
  type LabelledText,
} from './calibrate/calibrate.ts'
export { type CalibrationHalves, calibrationHalves } from './calibrate/calibration-halves.ts'
export { judgeRow } from './calibrate/judge-row.ts'
export { readVote, type Votes } from './ensemble/read-vote.ts'
export { type VoteBlock, type VotedText, votesCsv } from './ensemble/votes-csv.ts'
export type { PredictorErrorCode } from './error-code.ts'
export type {
  AnswerWeights,
  CharacterWeight,
  Example,
  ExplainedText,
  Explanation,
  Strongest,
} from './explain/explanation.ts'
export { type CodeSets, codeSets, type SetOptions } from './guarantees/code-sets.ts'
export type { Guarantees } from './guarantees/guarantees.ts'
export type { Novelty } from './guarantees/novelty.ts'
export { type AccuracyOptions, reviewThreshold, thresholdShortfall } from './guarantees/review-threshold.ts'
export type { LoadPredictorOptions } from './load-from.ts'
export { loadPredictor } from './load-predictor.ts'
export { acceptedTexts } from './model/accepted-texts.ts'
export { encodeNotes } from './model/encode-notes.ts'
export { filesInMemory } from './model/files-in-memory.ts'
export type { FolderOptions } from './model/folder-options.ts'
export type { CardFacts } from './model/model-card.ts'
export { filesAt, type ModelFiles } from './model/model-files.ts'
export { type Calibration, type ModelNotes, NOTES_FILE, notesJson, parseNotes } from './model/model-notes.ts'
export type { OpenModelOptions } from './model/open-options.ts'
export type { Script } from './model/script.ts'
export type { AcceptedTexts } from './model/text-kinds.ts'
export { type CheckedText, checkText } from './model/usable-text.ts'
export type { Precision } from './model/weights.ts'
export type { OnnxRuntime, OrtSession, OrtTensor } from './run/onnx-runtime.ts'
