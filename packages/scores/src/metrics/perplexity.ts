/** e to the mean negative log-likelihood of a token, in nats. */
export const perplexity = (meanLoss: number): number => Math.exp(meanLoss)
