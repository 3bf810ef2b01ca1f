export { coarser } from './coarser.ts'
export { type CoarseLevel, decodePath } from './decode-path.ts'
export {
  type BudgetName,
  type Ensemble,
  type EnsembleInput,
  ensembleWithin,
  parseEnsemble,
} from './ensemble.ts'
export type { EnsembleErrorCode } from './error-code.ts'
export { type FastMembersOptions, fastMembers } from './fast-members.ts'
export { type HardVoteOptions, hardVote } from './hard-vote.ts'
export type { Candidate, HeldOutOptions } from './held-out.ts'
export { type LevelPredictions, type PublishedSchemeInput, publishedScheme } from './published-scheme.ts'
export { selectEnsemble } from './select-ensemble.ts'
export { type MemberSelection, type SelectMembersOptions, selectMembers } from './select-members.ts'
export { type SoftVoteOptions, softVote } from './soft-vote.ts'
export {
  type ChooseEnsembleOptions,
  type ChosenEnsemble,
  chooseEnsemble,
  type EnsembleKind,
  type JudgedEnsemble,
} from './stacking/choose-ensemble.ts'
export { type FitStackOptions, type FittedStack, fitStack } from './stacking/fit-stack.ts'
export type { Stack, StackMember } from './stacking/stack.ts'
export { type StackEnsembleOptions, stackEnsemble } from './stacking/stack-ensemble.ts'
export type { StackRidge } from './stacking/stack-objective.ts'
export { stackedVote } from './stacking/stacked-vote.ts'
export { type EnsembleVote, type LevelVote, vote } from './vote.ts'
