export { float16Bits, fromFloat16 } from './float16.ts'
export { isKicError, KicError } from './kic-error.ts'
export { createRandom, hash32, type Random } from './random.ts'
export { type WeightedChoice, weightedChoice } from './weighted-choice.ts'
