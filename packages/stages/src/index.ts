export {
  type Effort,
  estimateStages,
  type PlannedStage,
  planLines,
  type RunState,
  type Speed,
  secondsLeft,
} from './estimate.ts'
export { planStages, type RunStagesOptions, runStages, type StagePlan } from './run-stages.ts'
export { inOrder, type Json, type Stage, type StageWork, stageKey } from './stage.ts'
export { makeStage, type StageState, stageFolder, stageState } from './stage-folder.ts'
