export type { HierarchicalFusionErrorCode } from './error-code.ts'
export type { FusedEncoder, FusedSequences, FuseOptions } from './fuse-encoders.ts'
export {
  type FusedClassifier,
  type HierarchicalFusionOptions,
  hierarchicalFusion,
} from './hierarchical-fusion.ts'
export { type FusionCheckpoints, type InitializedFusion, initializeFusion } from './initialize-fusion.ts'
export type { Encoded, EncodeOptions, LevelEncoder } from './level-encoder.ts'
export { type LevelShare, levelShares } from './level-shares.ts'
export { type RobertaFusion, type RobertaLevel, robertaFusion } from './roberta-fusion.ts'
export { robertaLevel } from './roberta-level.ts'
