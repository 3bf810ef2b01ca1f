export { hardVote } from './hard-vote.ts'
export { argmaxRows, type Probabilities } from './probabilities.ts'
export { type LevelPredictions, type PublishedSchemeInput, publishedScheme } from './published-scheme.ts'
export { type SoftVoteOptions, softVote } from './soft-vote.ts'
