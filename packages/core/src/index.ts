export { isKicError, KicError } from './kic-error.ts'
export { createRandom, hash32, type Random } from './random.ts'
export { type WeightedChoice, weightedChoice } from './weighted-choice.ts'
