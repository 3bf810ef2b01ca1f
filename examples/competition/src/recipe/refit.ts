/** Voters to train again after the choice, on training and validation rows: none, n-gram voters, or networks, too. */
export const REFITS = ['none', 'ngrams', 'all'] as const
export type Refit = (typeof REFITS)[number]
