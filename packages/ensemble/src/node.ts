export { readPredictions } from './read-predictions.ts'
export {
  loadEnsemble,
  type OpenedPredictions,
  openAllPredictions,
  saveEnsemble,
  type VotedRows,
  voteOnStored,
} from './stored-ensemble.ts'
export {
  openPredictions,
  type PredictionsInfo,
  type StoredPredictions,
  type WritePredictionsOptions,
  writePredictions,
} from './stored-predictions.ts'
export { voteOnAllStored } from './vote-on-all-stored.ts'
