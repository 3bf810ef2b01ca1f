export { describePlan, planStages, type StagePlan } from './plan-stages.ts'
export { type RunStagesOptions, runStages } from './run-stages.ts'
export { makeStage, readStageRecord, type StageRecord, stageFolder, stageState } from './stage-folder.ts'
export { stageKey } from './stage-key.ts'
