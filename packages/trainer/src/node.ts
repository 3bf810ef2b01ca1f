export { type FolderCheckpointsOptions, folderCheckpoints } from './checkpoints/folder-checkpoints.ts'
export { type JsonLinesOptions, jsonLines } from './watching/json-lines.ts'
export { type ProgressOptions, progress } from './watching/progress.ts'
export { type TensorBoardOptions, tensorBoard } from './watching/tensorboard.ts'
