/** Of a small encoder that is trained from scratch. */
export const FRESH_RATE = 1e-3

/** Of a pretrained encoder of hidden size 768, as klue/roberta-small and -base are fine-tuned. */
export const PRETRAINED_RATE = 5e-5

/** The hidden size that this rate is for. */
export const PRETRAINED_WIDTH = 768

/** Which rate a training takes, and why. */
export interface ChosenRate {
  readonly learningRate: number
  readonly because: string
}

/**
 * The peak learning rate: the one given, or by what training begins with. Narrower encoders bear larger steps, in inverse
 * proportion to their width (Yang et al. 2022, arXiv:2203.03466, table 3), but none larger than from scratch.
 *
 * @param hidden size of the pretrained encoder; `undefined` from scratch
 */
export const chooseRate = (given: number | undefined, hidden: number | undefined): ChosenRate => {
  if (given !== undefined) return { learningRate: given, because: 'as given' }
  if (hidden === undefined) return { learningRate: FRESH_RATE, because: 'from scratch' }
  return {
    learningRate: Number(Math.min(FRESH_RATE, (PRETRAINED_RATE * PRETRAINED_WIDTH) / hidden).toPrecision(3)),
    because: `for a pretrained encoder of hidden size ${hidden}`,
  }
}

/** 'learning rate 0.00024 for a pretrained encoder of hidden size 160'. */
export const describeRate = ({ learningRate, because }: ChosenRate): string =>
  `learning rate ${learningRate} ${because}`
