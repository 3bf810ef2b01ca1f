export { type FolderCheckpointsOptions, folderCheckpoints } from './checkpoints/folder-checkpoints.ts'
export {
  checkSameData,
  type DataFingerprint,
  dataFingerprint,
  describeMachine,
  differencesSince,
  loadRun,
  type Machine,
  packageVersions,
  type RunRecord,
  type RunResult,
  saveRun,
  tensorsDigest,
} from './saved-runs/run-record.ts'
export { type JsonLinesOptions, jsonLines } from './watching/json-lines.ts'
export { type ProgressOptions, progress } from './watching/progress.ts'
export { type TensorBoardOptions, tensorBoard } from './watching/tensorboard.ts'
export { uploadWandbRun, type WandbOptions, wandb } from './watching/wandb.ts'
export type { WandbRun } from './watching/wandb-session.ts'
