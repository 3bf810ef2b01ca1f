export type { Effort, Speed } from './effort.ts'
export { estimateStages, type RunState, secondsLeft } from './estimate.ts'
export { type PlannedStage, planLines } from './plan-lines.ts'
export { inOrder, type Json, type Stage, type StageState, type StageWork } from './stage.ts'
